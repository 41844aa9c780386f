#!/usr/bin/env bats
# wamp-pub(1): where the events come from, and what is made of odd input.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# events ARGUMENT...: the events that wamp-pub would publish, one a line.
events() {
	run -0 --separate-stderr wamp-pub --dry-run "$@" t
	[ -z "$stderr" ]
	lines=("${lines[@]#'[7,"t",'}")
	printf -v output '%s\n' "${lines[@]%]}"
	output=${output%$'\n'}
}

# ---- files ----

@test "-f may be repeated, and - is stdin" {
	printf '1\n2' >a
	printf '5\n6\n' >b
	events -l -f a -f - -f b < <(printf '3\n4')
	assert_output $'1\n2\n3\n4\n5\n6'
	events -f - <<<'[7]'
	assert_output '[7]'
	printf '{"whole":\n1}' >c
	events -f c -f c
	assert_output $'{"whole": 1}\n{"whole": 1}'
}

@test "a fault names the file where there are several, and its line there" {
	printf '1\n2\n' >a
	printf '3\nx\n' >b
	run -1 wamp-pub --dry-run -l -f a -f b t
	assert_line --partial 'wamp-pub: b: line 2: invalid JSON'
	run -1 wamp-pub --dry-run -l -f b t
	assert_line --partial 'wamp-pub: line 2: invalid JSON'
	run -1 wamp-pub --dry-run -f b -f a t
	assert_line --partial 'wamp-pub: b: invalid JSON'
	run -1 wamp-pub --dry-run -l -f a -f missing t
	assert_line 'wamp-pub: missing: No such file or directory'
}

@test "what cannot be read ends with 1" {
	mkdir folder
	run -1 wamp-pub --dry-run -l -f folder t
	assert_output 'wamp-pub: folder: cannot read: Is a directory'
	run -1 wamp-pub --dry-run t <folder
	assert_output 'wamp-pub: stdin: cannot read: Is a directory'
	run -2 wamp-pub --dry-run -f '' t
	run -1 bash -c 'wamp-pub --dry-run t <&-'
	assert_output 'wamp-pub: stdin: cannot read: Bad file descriptor'
}

@test "an empty file is no lines, and no event" {
	: >empty
	events -l -f empty
	assert_output ''
	events -0 -f empty -f empty
	assert_output ''
	run -1 wamp-pub --dry-run -f empty t
	assert_output 'wamp-pub: empty: invalid JSON: no value (-l allows that)'
}

# ---- lines ----

@test "--from-line leaves out what is before it, unread" {
	printf '1\nrubbish\n3\n4' >a
	printf '5\n6\n' >b
	events -l -f a --from-line 3
	assert_output $'3\n4'
	events -l -f a -f b --from-line 4
	assert_output $'4\n5\n6'
	events -0 --from-line 2 < <(printf '1\0002\0')
	assert_output 2
	events -l -f a --from-line 5
	assert_output ''
	run -1 wamp-pub --dry-run -l --from-line 2 -f a t
	assert_line --partial 'line 2: invalid JSON'
}

@test "a CR LF ends a line, of JSON or of text" {
	events -l < <(printf '1\r\n{"a":2}\r\n')
	assert_output $'1\n{"a":2}'
	events -ls < <(printf 'a\r\nb\n\r\nc\rd\r\r\ne\r')
	assert_output $'"a"\n"b"\n""\n"c\\rd\\r"\n"e"'
	events -s < <(printf 'a\r\n')
	assert_output '"a\r\n"'
}

@test "blank lines of JSON are no events, and are counted" {
	events -l < <(printf '\n1\r\n\r\n \t\n2 \t\n\n')
	assert_output $'1\n2'
	events -0 < <(printf '1\0\0002\n\0\n')
	assert_output $'1\n2'
	run -1 wamp-pub --dry-run -l t < <(printf '\n\n1\n\nx\n')
	assert_line --partial 'line 5: invalid JSON: expected a value at byte 1'
	# Text may be empty.
	events -ls < <(printf 'a\n\n')
	assert_output $'"a"\n""'
}

@test "the RS of a JSON text sequence is no part of a record" {
	events -l \
	    < <(printf '\x1e{"a":1}\n\x1e2\n\x1e\n\x1e\x1e 3 \x1e\n')
	assert_output $'{"a":1}\n2\n3'
	events < <(printf '\x1e{"a":\n1}\n\x1e2\n\x1e\x1e3')
	assert_output $'{"a": 1}\n2\n3'
	run -1 wamp-pub --dry-run -l t < <(printf '\x1e 1 x\n')
	assert_output --partial 'at byte 5 '
	events -ls < <(printf '\x1ea\n')
	assert_output '"\u001ea"'
}

@test "a file of another kind is told by name" {
	local options

	printf '{"a":1}\n' | iconv -t UTF-16 >utf16
	printf '{"a":1}\n' | iconv -t UTF-16LE >utf16le
	printf '{"a":1}\n' | iconv -t UTF-16BE >utf16be
	printf '{"a":1}\n' | iconv -t UTF-32 >utf32
	printf '{"a":1}\n' | gzip >packed
	for options in '' -l; do
		for kind in utf16 utf16le utf16be; do
			run -1 wamp-pub --dry-run $options -f "$kind" t
			assert_output --partial 'it is UTF-16: iconv '
		done
		run -1 wamp-pub --dry-run $options -f utf32 t
		assert_output --partial 'it is UTF-32: iconv '
		run -1 wamp-pub --dry-run $options -f packed t
		assert_output --partial 'it is compressed: zcat reads it'
	done
	run -1 wamp-pub --dry-run -ls -f utf16 t
	assert_output 'wamp-pub: line 1: not UTF-8: it is UTF-16: '\
'iconv -f UTF-16 makes it UTF-8'
	run -1 wamp-pub --dry-run -s -f utf16 t
	assert_output --partial 'utf16: not UTF-8: it is UTF-16'
	run -1 wamp-pub --dry-run -l t < <(printf '"\xe9"\n')
	assert_output --partial 'line 1: invalid JSON: invalid UTF-8 at byte 2'
}

# ---- values ----

@test "a stream of JSON values is an event each, whatever its lines" {
	events < <(printf '{"a":1}\n{"b":\n 2}\n\n3 "x"\r\n[\n]\n' | jq .)
	assert_output $'{   "a": 1 }\n{   "b": 2 }\n3\n"x"\n[]'
	events < <(printf '[1][2]{}{"a":"}"}"b"1"c"null\n[]')
	assert_output $'[1]\n[2]\n{}\n{"a":"}"}\n"b"\n1\n"c"\nnull\n[]'
	events < <(printf '\xef\xbb\xbf\r\n1\r\n2')
	assert_output $'1\n2'
	# Numbers do not run from one file into the next.
	printf 1 >a
	printf 2 >b
	events -f a -f b
	assert_output $'1\n2'
}

@test "- is stdin in place of an event" {
	run -0 wamp-pub --dry-run t - <<<$'1\n2'
	assert_output $'[7,"t",1]\n[7,"t",2]'
	run -0 wamp-pub --dry-run -l t - <<<$'1\n2'
	assert_output $'[7,"t",1]\n[7,"t",2]'
	run -0 wamp-pub --dry-run -s t - <<<x
	assert_output '[7,"t","x\n"]'
	run -0 wamp-pub --dry-run --topic-jq .t - <<<'{"t":"a"}'
	assert_output '[7,"a",{"t":"a"}]'
	run -2 wamp-pub --dry-run -f a t -
	assert_output --partial '-f -'
	run -2 wamp-pub --dry-run -n t -
}

# breaks INPUT TEXT: what is said of it.
breaks() {
	run -1 --separate-stderr wamp-pub --dry-run t < <(printf '%b' "$1")
	[ "$stderr" = "wamp-pub: stdin: invalid JSON: $2" ] ||
	    { echo "$stderr"; return 1; }
}

@test "an error names line, column and number of the value" {
	local text='-s takes all as a string, -ls each line'

	breaks 'x' "expected a value at line 1, column 1 (value 1; $text)"
	breaks '1\n{"a":1,\n  "b" 2}' \
	    "expected ':' at line 3, column 7 (value 2; $text)"
	[ "$output" = '[7,"t",1]' ]
	breaks '{"a":1\n"b":2}' \
	    "expected ',' or '}' at line 2, column 1 (value 1; $text)"
	breaks '["\xc3\xa9", é]' \
	    "expected a value at line 1, column 7 (value 1; $text)"
	breaks '{}\n[1,2' \
	    "unexpected end of the text at line 2, column 5 (value 2; $text)"
	breaks '1,2' "expected a value at line 1, column 2 (value 2; $text)"
	text='-0 takes records that end in NUL'
	breaks '1\n2\00003' \
	    "expected the end of the text at line 2, column 2 (value 2; $text)"
	run -1 wamp-pub --dry-run -e '.a' t < <(printf '{}\n\n{\n}\n[]')
	assert_line --regexp \
	    '^wamp-pub: value 3 \(line 5\): -e: [Cc]annot index'
	breaks '' 'no value (-l allows that)'
	breaks '\r\n' 'no value (-l allows that)'
}

@test "the error of a line names the way without -l, and that of text -s" {
	local line hint

	while IFS='|' read -r line hint; do
		run -1 wamp-pub --dry-run -l t <<<"$line"
		assert_line --partial "($hint)"
	done <<-'END'
		{|without -l a value may span lines
		{"a":|without -l a value may span lines
		{"a": 1,|without -l a value may span lines
		}|without -l a value may span lines
		"b": [|without -l a value may span lines
		1 2|without -l a line may hold several values
		{}{"a":1}|without -l a line may hold several values
		Hello, world|-s takes text as a string
		1 apple|-s takes text as a string
		2026-11-30 12:00|-s takes text as a string
	END
	run -1 wamp-pub --dry-run -0 t < <(printf '1\n2\n')
	assert_output --partial '(without -0 values need no NUL between them)'
	run -1 wamp-pub --dry-run t -- "$BATS_TEST_FILENAME"
	assert_output --partial '(-f reads the file)'
	run -1 wamp-pub --dry-run t 'no such file'
	assert_output --partial '(-s takes text as a string)'
}

@test "an event leaves as soon as its value is complete" {
	broker_start
	sub_start -C 3 t
	mkfifo pipe
	wamp-pub t <pipe 3>&- &
	exec {pipe}>pipe
	printf '{"a":' >&"$pipe"
	printf '\n1}' >&"$pipe"
	wait_until test -s "$BATS_TEST_TMPDIR/sub.1.out"
	printf '2 [3' >&"$pipe"
	wait_until grep -qx 2 "$BATS_TEST_TMPDIR/sub.1.out"
	printf ']' >&"$pipe"
	run -0 sub_wait
	assert_output $'{"a": 1}\n2\n[3]'
	exec {pipe}>&-
	wait $!
}

@test "what can never be a value is an error before the input ends" {
	mkfifo pipe
	wamp-pub --dry-run t <pipe >out 2>err 3>&- &
	exec {pipe}>pipe
	printf '1\n{"a":1\n{"b":2}\n' >&"$pipe"
	wait_until grep -q 'line 3, column 1 ' err
	wait $! || [ $? -eq 1 ]
	exec {pipe}>&-
	[ "$(<out)" = '[7,"t",1]' ]
}

@test "--from-value goes on in a stream of values" {
	events --from-value 3 < <(printf '1 {"a":\n2} 3\n4')
	assert_output $'3\n4'
	printf '1 2' >a
	printf '3' >b
	events --from-value 2 -f a -f b
	assert_output $'2\n3'
	run -1 wamp-pub --dry-run --from-value 5 t < <(printf '1 ] 3')
	assert_output --partial 'line 1, column 3 (value 2;'
	for options in -l -0 -s -n; do
		run -2 wamp-pub --dry-run --from-value 2 "$options" t
	done
	run -2 wamp-pub --dry-run --from-value 2 t 1
	run -2 wamp-pub --dry-run --from-line 2 t
	assert_output --partial '--from-value'
}

@test "a stream that is refused tells where to go on" {
	printf 'r: { channel: "t/{n}", handler: { callback: b } }\n' >r.yml
	broker_start -r r.yml
	run -3 wamp-pub --topic-jq '"t\(.)"' <<<$'[1]\n[2]'
	assert_output --partial '; continue with --from-value '
}

@test "a byte order mark is left out at the start, and only there" {
	printf '\xef\xbb\xbf1\n2\n' >a
	events -l -f a -f a
	assert_output $'1\n2\n1\n2'
	events -s < <(printf '\xef\xbb\xbfx')
	assert_output '"x"'
	run -1 wamp-pub --dry-run -l t < <(printf '1\n\xef\xbb\xbf2\n')
	assert_line --partial 'line 2: invalid JSON'
}

@test "NUL is no JSON, but may be part of a string" {
	run -1 wamp-pub --dry-run -l t < <(printf '1\n"a\0b"\n')
	assert_line --partial 'line 2: invalid JSON: '
	run -1 wamp-pub --dry-run -l t < <(printf '\0\n')
	assert_line --partial 'line 1: invalid JSON: '
	events -ls < <(printf 'a\0b\n')
	assert_output '"a\u0000b"'
}

@test "a record may have 64 MiB, and no more" {
	head -c 67108864 /dev/zero | tr '\0' x >big
	run -0 bash -o pipefail -c \
	    'wamp-pub --dry-run -sl -f big t | wc -c'
	assert_output 67108875
	printf x >>big
	run -1 wamp-pub --dry-run -l -f big t
	assert_output 'wamp-pub: line 1: longer than 67108864 bytes'
}

# ---- topics ----

@test "a topic of 64 KiB is published or refused, never cut" {
	local topic

	topic=$(head -c 65536 /dev/zero | tr '\0' t)
	broker_start
	run -0 wamp-pub --dry-run "$topic" 1
	[ "${#output}" -eq 65544 ]
	run wamp-pub "$topic" 1
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	[ "${#lines[@]}" -le 1 ]
	topic=$(head -c 1000 /dev/zero | tr '\0' t)
	sub_start -t -C 1 "$topic"
	wamp-pub "$topic" 1
	run -0 sub_wait
	assert_output "$topic"$'\t1'
}

# ---- streams of any size ----

published() {
	[ "$(wamp-call wampd.stats | jq .events)" -eq "$1" ]
}

# peak COUNT ARGUMENT...: publish so many lines from a pipe; then PEAK is the
# most memory that wamp-pub took for it, in kB.
peak() {
	local count=$1 pid

	shift
	ALL=$((ALL + count))
	rm -f pipe
	mkfifo pipe
	wamp-pub "$@" -l t <pipe 3>&- &
	pid=$!
	exec {pipe}>pipe
	yes '{"text":"as long as lines are, sixty-four bytes in all, or so"}' \
	    2>/dev/null | head -n "$count" >&"$pipe"
	wait_until published "$ALL"
	PEAK=$(awk '/^VmHWM:/ { print $2 }' "/proc/$pid/status")
	echo "$count lines: $PEAK kB"
	exec {pipe}>&-
	wait "$pid"
}

@test "memory is flat, however long the stream" {
	local small ALL=0

	skip_if_sanitized
	broker_start
	peak 20000
	small=$PEAK
	peak 1600000
	[ "$PEAK" -lt "$((small + 1000))" ]
	# What is kept to be sent again is bounded, too: the input has 93 MB.
	peak 1600000 --retry 1
	[ "$PEAK" -lt 32000 ]
}

@test "nor does a stream of values, nor blanks between them" {
	skip_if_sanitized
	used() {
		bash -c 'ulimit -v 200000; exec wamp-pub --dry-run t' |
		    tail -n 1
	}
	{
		yes $'{"text":\n"a value over lines"}' | head -n 2000000
		echo 2
	} | used >out
	[ "$(<out)" = '[7,"t",2]' ]
	{ echo 1; yes '' | head -c 300000000; echo 2; } | used >out
	[ "$(<out)" = '[7,"t",2]' ]
}
