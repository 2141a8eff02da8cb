#include "textflag.h"

// A vector of 32 bytes is compared with newlines; for each bit that is set, the
// lowest first, a Cut is written. R8 is the end of a line whose newline is the
// vector's first byte.

// func newlinesAVX2(dst *Cut, base *byte, n, at int) int
// Needs n to be a multiple of 32.
TEXT ·newlinesAVX2(SB), NOSPLIT, $0-40
	MOVQ         dst+0(FP), DI
	MOVQ         base+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         at+24(FP), R8
	MOVQ         DI, R9
	INCQ         R8
	ADDQ         SI, CX
	MOVL         $10, AX
	MOVQ         AX, X0
	VPBROADCASTB X0, Y0

vector:
	CMPQ      SI, CX
	JAE       done
	VPCMPEQB  (SI), Y0, Y1
	VPMOVMSKB Y1, AX
	TESTL     AX, AX
	JZ        next

newline:
	TZCNTL AX, DX
	ADDQ   R8, DX
	MOVQ   DX, (DI)
	ADDQ   $8, DI
	BLSRL  AX, AX
	JNZ    newline

next:
	ADDQ $32, SI
	ADDQ $32, R8
	JMP  vector

done:
	VZEROUPPER
	SUBQ R9, DI
	SHRQ $3, DI
	MOVQ DI, ret+32(FP)
	RET
