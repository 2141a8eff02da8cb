#include "textflag.h"

// The two comparisons of pair.go for 64, 32 or 16 places at once. The buffer is
// read twice, for the first byte of each place and for the second, instead of
// shifting what has been read: loads from L1 are cheaper. Those that cross from one
// line of the cache into the next count twice, and of two loads one can be kept
// from it: behind the first vector, the first byte's begin where a line does, even
// if some places are then looked at again. Where less than a vector is left, the
// last is taken so that it ends with the last place; its bits for places that have
// been looked at are zero, else they would have been returned.
//
// What is AHEAD is asked for in time: the processor's own prefetching ends with
// each page of 4 KiB, and without this a search of more than the cache holds
// takes a third longer. Half of that is too late for what comes from memory, twice
// as much gains nothing; an address behind the text is no fault.
#define AHEAD 2048

// PLACES_BEGIN sets, from the arguments of a kernel:
//
//	SI  where the first byte of the first place is
//	AX  the same of the places that are next
//	DI  how far from there the second byte is, which may be less than nothing
//	CX  SI of the place behind the last
//	DX  the pair
#define PLACES_BEGIN \
	MOVQ base+0(FP), SI; \
	MOVQ n+8(FP), CX; \
	MOVQ p+16(FP), DX; \
	MOVQ 8(DX), DI; \
	SUBQ 0(DX), DI; \
	ADDQ 0(DX), SI; \
	MOVQ SI, AX; \
	ADDQ SI, CX

// PLACES_AVX512 sets K1 to those of 64 places that have the pair. Bits that differ
// from the first byte and bits that differ from the second are put together (0xf6 is
// the table of a | b ^ c), and tested but for that of the case: Z2 has all others.
#define PLACES_AVX512(first, second) \
	VPXORQ     first, Z0, Z3; \
	VPTERNLOGQ $0xf6, second, Z1, Z3; \
	VPTESTNMB  Z2, Z3, K1

// func pairAVX512(base *byte, n int, p *pair) int
TEXT ·pairAVX512(SB), NOSPLIT, $0-32
	PLACES_BEGIN
	VPBROADCASTB 16(DX), Z3         // or
	VPBROADCASTB 48(DX), Z0         // c1
	VPBROADCASTB 80(DX), Z1         // c2
	VPTERNLOGQ   $0x55, Z3, Z3, Z2  // the inverse of or
	LEAQ         -64(CX), BX        // the last AX with 64 places
	JMP          enough

loop:
	PREFETCHT0 AHEAD(AX)
	PLACES_AVX512((AX), (AX)(DI*1))
	KORTESTQ   K1, K1
	JNZ        found
	ADDQ       $64, AX
	ANDQ       $-64, AX

enough:
	CMPQ AX, BX
	JLS  loop

	// Fewer than 64 places are left: what is behind them is neither read nor found.
	SUBQ        AX, CX
	MOVQ        $-1, DX
	BZHIQ       CX, DX, DX
	KMOVQ       DX, K2
	VMOVDQU8.Z  (AX), K2, Z4
	VMOVDQU8.Z  (AX)(DI*1), K2, Z5
	PLACES_AVX512(Z4, Z5)
	KANDQ       K1, K2, K1
	KORTESTQ    K1, K1
	JNZ         found
	VZEROUPPER
	MOVQ        $-1, ret+24(FP)
	RET

found:
	KMOVQ K1, DX
	BSFQ  DX, DX
	ADDQ  DX, AX
	SUBQ  SI, AX
	VZEROUPPER
	MOVQ  AX, ret+24(FP)
	RET

// PLACES_AVX2 sets bits to the vector of places at off(AX).
#define PLACES_AVX2(off, bits, tmp) \
	VPOR     off(AX), Y0, bits; \
	VPCMPEQB bits, Y1, bits; \
	VPOR     off(AX)(DI*1), Y0, tmp; \
	VPCMPEQB tmp, Y2, tmp; \
	VPAND    bits, tmp, bits

// func pairAVX2(base *byte, n int, p *pair) int
// Needs n >= 32.
TEXT ·pairAVX2(SB), NOSPLIT, $0-32
	PLACES_BEGIN
	VMOVDQU 16(DX), Y0    // or
	VMOVDQU 48(DX), Y1    // c1
	VMOVDQU 80(DX), Y2    // c2
	LEAQ    -64(CX), BX   // the last AX with 64 places
	JMP     enough

loop:
	PREFETCHT0 AHEAD(AX)
	PLACES_AVX2(0, Y4, Y5)
	PLACES_AVX2(32, Y6, Y7)
	VPOR      Y4, Y6, Y5
	VPMOVMSKB Y5, DX // one step of the vectors' units; VPTEST is two
	TESTL     DX, DX
	JNZ       found
	ADDQ      $64, AX
	ANDQ      $-64, AX

enough:
	CMPQ AX, BX
	JLS  loop

	// Fewer than 64 places are left: one vector, and one that ends with the last.
	LEAQ      -32(CX), BX
	CMPQ      AX, BX
	JHI       overlap
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
	VZEROUPPER
	MOVQ      $-1, ret+24(FP)
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
	SUBQ SI, AX
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET

// PLACES_SSE2 sets X4 to the vector of places at AX, and DX to its bits.
#define PLACES_SSE2 \
	MOVOU    (AX), X4; \
	POR      X0, X4; \
	PCMPEQB  X1, X4; \
	MOVOU    (AX)(DI*1), X5; \
	POR      X0, X5; \
	PCMPEQB  X2, X5; \
	PAND     X5, X4; \
	PMOVMSKB X4, DX

// func pairSSE2(base *byte, n int, p *pair) int
// Needs n >= 16.
TEXT ·pairSSE2(SB), NOSPLIT, $0-32
	PLACES_BEGIN
	MOVOU 16(DX), X0
	MOVOU 48(DX), X1
	MOVOU 80(DX), X2
	LEAQ  -16(CX), BX // the last AX with 16 places

loop16:
	PLACES_SSE2
	TESTL DX, DX
	JNZ   first16
	ADDQ  $16, AX
	CMPQ  AX, BX
	JLS   loop16
	MOVQ  BX, AX
	PLACES_SSE2
	TESTL DX, DX
	JNZ   first16
	MOVQ  $-1, ret+24(FP)
	RET

first16:
	BSFL DX, DX
	ADDQ DX, AX
	SUBQ SI, AX
	MOVQ AX, ret+24(FP)
	RET
