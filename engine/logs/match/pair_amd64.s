#include "textflag.h"

// The two comparisons of pair.go for 32 (16) places at once. The buffer is read
// twice, at base+off1 and base+off2, instead of shifting what has been read:
// unaligned loads from L1 are cheaper. The last vector is taken so that it ends
// with the last place and overlaps the one before; its bits for places that
// have been looked at are zero, else they would have been returned.
//
// What is AHEAD is asked for in time: the processor's own prefetching ends with
// each page of 4 KiB, and without this a search of more than the cache holds
// takes a third longer. Less than a page ahead is too late, more gains nothing;
// an address behind the text is no fault.
#define AHEAD 4096

// PLACES sets bits to the vector of places at off(AX) from the two bases.
#define PLACES_AVX2(off, bits, tmp) \
	VPOR     off(SI)(AX*1), Y0, bits; \
	VPCMPEQB bits, Y2, bits; \
	VPOR     off(DI)(AX*1), Y1, tmp; \
	VPCMPEQB tmp, Y3, tmp; \
	VPAND    bits, tmp, bits

// func pairAVX2(base *byte, n int, p *pair) int
// Needs n >= 32.
TEXT ·pairAVX2(SB), NOSPLIT, $0-32
	MOVQ    base+0(FP), SI
	MOVQ    n+8(FP), CX
	MOVQ    p+16(FP), DX
	MOVQ    SI, DI
	ADDQ    0(DX), SI     // base + off1
	ADDQ    8(DX), DI     // base + off2
	VMOVDQU 16(DX), Y0    // or1
	VMOVDQU 48(DX), Y1    // or2
	VMOVDQU 80(DX), Y2    // c1
	VMOVDQU 112(DX), Y3   // c2
	XORQ    AX, AX        // i
	LEAQ    -64(CX), BX   // the last i with 64 places
	CMPQ    AX, BX
	JGT     last

loop:
	PREFETCHT0 AHEAD(SI)(AX*1)
	PLACES_AVX2(0, Y4, Y5)
	PLACES_AVX2(32, Y6, Y7)
	VPOR      Y4, Y6, Y5
	VPTEST    Y5, Y5
	JNZ       found
	ADDQ      $64, AX
	CMPQ      AX, BX
	JLE       loop

last:
	// Fewer than 64 places are left: one vector, and one that ends with the last.
	LEAQ      -32(CX), BX
	CMPQ      AX, BX
	JGT       overlap
	PLACES_AVX2(0, Y4, Y5)
	VPMOVMSKB Y4, DX
	TESTL     DX, DX
	JNZ       first

overlap:
	MOVQ      BX, AX
	PLACES_AVX2(0, Y4, Y5)
	VPMOVMSKB Y4, DX
	TESTL     DX, DX
	JNZ       first
	MOVQ      $-1, AX
	VZEROUPPER
	MOVQ      AX, ret+24(FP)
	RET

found:
	VPMOVMSKB Y4, DX
	TESTL     DX, DX
	JNZ       first
	VPMOVMSKB Y6, DX
	ADDQ      $32, AX

first:
	BSFL DX, DX
	ADDQ DX, AX
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET

// PLACES_SSE2 sets X4 to the vector of places at AX, and DX to its bits.
#define PLACES_SSE2 \
	MOVOU    (SI)(AX*1), X4; \
	POR      X0, X4; \
	PCMPEQB  X2, X4; \
	MOVOU    (DI)(AX*1), X5; \
	POR      X1, X5; \
	PCMPEQB  X3, X5; \
	PAND     X5, X4; \
	PMOVMSKB X4, DX

// func pairSSE2(base *byte, n int, p *pair) int
// Needs n >= 16.
TEXT ·pairSSE2(SB), NOSPLIT, $0-32
	MOVQ  base+0(FP), SI
	MOVQ  n+8(FP), CX
	MOVQ  p+16(FP), DX
	MOVQ  SI, DI
	ADDQ  0(DX), SI
	ADDQ  8(DX), DI
	MOVOU 16(DX), X0
	MOVOU 48(DX), X1
	MOVOU 80(DX), X2
	MOVOU 112(DX), X3
	XORQ  AX, AX
	LEAQ  -16(CX), BX // the last i with 16 places

loop16:
	PLACES_SSE2
	TESTL DX, DX
	JNZ   first16
	ADDQ  $16, AX
	CMPQ  AX, BX
	JLE   loop16
	MOVQ  BX, AX
	PLACES_SSE2
	TESTL DX, DX
	JNZ   first16
	MOVQ  $-1, AX
	MOVQ  AX, ret+24(FP)
	RET

first16:
	BSFL DX, DX
	ADDQ DX, AX
	MOVQ AX, ret+24(FP)
	RET
