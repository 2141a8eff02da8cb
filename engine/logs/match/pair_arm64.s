#include "textflag.h"

// func pairNEON(base *byte, n int, p *pair) int
// Needs n >= 32. As pairAVX2, with 32 places in two registers.
TEXT ·pairNEON(SB), NOSPLIT, $0-32
	MOVD base+0(FP), R0
	MOVD n+8(FP), R1
	MOVD p+16(FP), R2
	LDP  (R2), (R3, R4)
	ADD  R0, R3           // base + off1
	ADD  R0, R4           // base + off2
	ADD  $16, R2, R5
	VLD1 (R5), [V0.B16]   // or
	ADD  $48, R2, R5
	VLD1 (R5), [V2.B16]   // c1
	ADD  $80, R2, R5
	VLD1 (R5), [V3.B16]   // c2

	// 01, 04, 10, 40: two bits for each byte of four, so that adding neighbours
	// twice leaves two bits for each place, in order (as in Go's IndexByte).
	MOVD $0x40100401, R5
	VMOV R5, V16.S4
	MOVD ZR, R6           // i
	SUB  $32, R1, R7      // the last i with 32 places

loop:
	ADD   R3, R6, R8
	ADD   R4, R6, R9
	PRFM  4096(R8), PLDL1KEEP // see AHEAD in pair_amd64.s
	VLD1  (R8), [V4.B16, V5.B16]
	VLD1  (R9), [V6.B16, V7.B16]
	VORR  V0.B16, V4.B16, V4.B16
	VORR  V0.B16, V5.B16, V5.B16
	VORR  V0.B16, V6.B16, V6.B16
	VORR  V0.B16, V7.B16, V7.B16
	VCMEQ V2.B16, V4.B16, V4.B16
	VCMEQ V2.B16, V5.B16, V5.B16
	VCMEQ V3.B16, V6.B16, V6.B16
	VCMEQ V3.B16, V7.B16, V7.B16
	VAND  V6.B16, V4.B16, V4.B16
	VAND  V7.B16, V5.B16, V5.B16
	VORR  V4.B16, V5.B16, V6.B16
	VADDP V6.D2, V6.D2, V6.D2 // all bytes are 0 or -1: the sum can't become 0
	VMOV  V6.D[0], R10
	CBNZ  R10, found
	ADD   $32, R6
	CMP   R7, R6
	BLE   loop
	SUB   $32, R6, R8
	CMP   R7, R8
	BEQ   none            // the last vector ended with the last place
	MOVD  R7, R6
	B     loop

found:
	VAND  V16.B16, V4.B16, V4.B16
	VAND  V16.B16, V5.B16, V5.B16
	VADDP V5.B16, V4.B16, V6.B16
	VADDP V6.B16, V6.B16, V6.B16
	VMOV  V6.D[0], R10
	RBIT  R10, R10
	CLZ   R10, R10
	ADD   R10>>1, R6, R6
	MOVD  R6, ret+24(FP)
	RET

none:
	MOVD $-1, R6
	MOVD R6, ret+24(FP)
	RET
