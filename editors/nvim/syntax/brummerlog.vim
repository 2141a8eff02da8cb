" A log buffer: lines that stand for what is missing, addresses and places. The
" output's own colours come while it is drawn, and lie above these.
if exists('b:current_syntax')
  finish
endif
syntax sync minlines=1
syntax match BrummerLogGap /^\(… .* gone: .*\|── .* ──\)$/
syntax match BrummerLogUrl /\<https\?:\/\/[^ \t"'<>)]*/
syntax match BrummerLogPlace /\f\+\.\w\+:\d\+\(:\d\+\)\?/
setlocal synmaxcol=500

highlight default link BrummerLogGap WarningMsg
highlight default link BrummerLogUrl Underlined
highlight default link BrummerLogPlace Directory

let b:current_syntax = 'brummerlog'
