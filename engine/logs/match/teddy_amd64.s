#include "textflag.h"

// FINGER leaves in res which buckets allow the byte at off for each of 32
// places: the tables of both nibbles, looked up by VPSHUFB, and combined.
#define FINGER(off, lo, hi, res, tmp) \
	VMOVDQU off(SI)(AX*1), res; \
	VPSRLW  $4, res, tmp; \
	VPAND   Y6, res, res; \
	VPAND   Y6, tmp, tmp; \
	VPSHUFB res, lo, res; \
	VPSHUFB tmp, hi, tmp; \
	VPAND   tmp, res, res

// func teddyAVX2(base *byte, n int, m *masks) int
// Needs n >= 32; reads n+2 bytes. The last vector overlaps, as in pairAVX2.
TEXT ·teddyAVX2(SB), NOSPLIT, $0-32
	MOVQ         base+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVQ         m+16(FP), DX
	VMOVDQU      0(DX), Y0   // low nibbles of the three bytes
	VMOVDQU      32(DX), Y1
	VMOVDQU      64(DX), Y2
	VMOVDQU      96(DX), Y3  // high nibbles
	VMOVDQU      128(DX), Y4
	VMOVDQU      160(DX), Y5
	MOVQ         $0x0f0f0f0f0f0f0f0f, BX
	MOVQ         BX, X6
	VPBROADCASTQ X6, Y6
	VPXOR        Y7, Y7, Y7
	XORQ         AX, AX      // i
	LEAQ         -32(CX), BX // the last i with 32 places

loop:
	PREFETCHT0 4096(SI)(AX*1) // see pairAVX2
	FINGER(0, Y0, Y3, Y8, Y9)
	FINGER(1, Y1, Y4, Y10, Y11)
	FINGER(2, Y2, Y5, Y12, Y13)
	VPAND  Y8, Y10, Y8
	VPAND  Y8, Y12, Y8
	VPTEST Y8, Y8
	JNZ    found
	CMPQ   AX, BX
	JEQ    none
	ADDQ   $32, AX
	CMPQ   AX, BX
	JLE    loop
	MOVQ   BX, AX
	JMP    loop

found:
	VPCMPEQB  Y7, Y8, Y8
	VPMOVMSKB Y8, DX
	NOTL      DX
	BSFL      DX, DX
	ADDQ      DX, AX
	VZEROUPPER
	MOVQ      AX, ret+24(FP)
	RET

none:
	VZEROUPPER
	MOVQ $-1, AX
	MOVQ AX, ret+24(FP)
	RET
