#include "textflag.h"

// FINGER leaves in res which buckets allow the bytes from R8 on, for each of 16
// places: the tables of both nibbles, looked up and combined.
#define FINGER(lo, hi, res, tmp) \
	VLD1  (R8), [res.B16]; \
	VUSHR $4, res.B16, tmp.B16; \
	VAND  V6.B16, res.B16, res.B16; \
	VTBL  res.B16, [lo.B16], res.B16; \
	VTBL  tmp.B16, [hi.B16], tmp.B16; \
	VAND  tmp.B16, res.B16, res.B16

// func teddyNEON(base *byte, n int, m *masks) int
// Needs n >= 16; reads n+2 bytes. As teddyAVX2, with 16 places.
TEXT ·teddyNEON(SB), NOSPLIT, $0-32
	MOVD  base+0(FP), R0
	MOVD  n+8(FP), R1
	MOVD  m+16(FP), R2
	VLD1  (R2), [V0.B16]
	ADD   $32, R2, R5
	VLD1  (R5), [V1.B16]
	ADD   $64, R2, R5
	VLD1  (R5), [V2.B16]
	ADD   $96, R2, R5
	VLD1  (R5), [V3.B16]
	ADD   $128, R2, R5
	VLD1  (R5), [V4.B16]
	ADD   $160, R2, R5
	VLD1  (R5), [V5.B16]
	MOVD  $0x0f0f0f0f, R5
	VMOV  R5, V6.S4
	MOVD  $0x40100401, R5 // see pairNEON
	VMOV  R5, V16.S4
	MOVD  ZR, R6          // i
	SUB   $16, R1, R7     // the last i with 16 places

loop:
	ADD    R0, R6, R8
	PRFM   4096(R8), PLDL1KEEP // see AHEAD in pair_amd64.s
	FINGER(V0, V3, V8, V9)
	ADD    $1, R8
	FINGER(V1, V4, V10, V11)
	ADD    $1, R8
	FINGER(V2, V5, V12, V13)
	VAND   V10.B16, V8.B16, V8.B16
	VAND   V12.B16, V8.B16, V8.B16
	VCMTST V8.B16, V8.B16, V8.B16 // 0 or -1 in each byte
	VADDP  V8.D2, V8.D2, V9.D2
	VMOV   V9.D[0], R10
	CBNZ   R10, found
	CMP    R7, R6
	BEQ    none
	ADD    $16, R6
	CMP    R7, R6
	BLE    loop
	MOVD   R7, R6
	B      loop

found:
	VAND  V16.B16, V8.B16, V8.B16
	VADDP V8.B16, V8.B16, V8.B16
	VADDP V8.B16, V8.B16, V8.B16
	VMOV  V8.D[0], R10
	RBIT  R10, R10
	CLZ   R10, R10
	ADD   R10>>1, R6, R6
	MOVD  R6, ret+24(FP)
	RET

none:
	MOVD $-1, R6
	MOVD R6, ret+24(FP)
	RET
