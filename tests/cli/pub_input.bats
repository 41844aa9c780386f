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
	assert_output --partial 'empty: invalid JSON'
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

@test "a carriage return is white space in JSON, and part of a string" {
	events -l < <(printf '1\r\n{"a":2}\r\n')
	assert_output $'1\n{"a":2}'
	events -ls < <(printf 'a\r\nb\n')
	assert_output $'"a\\r"\n"b"'
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

	if ldd "$BIN/wamp-pub" | grep -q 'lib.san'; then
		skip 'the memory is a sanitizer'\''s'
	fi
	broker_start
	peak 20000
	small=$PEAK
	peak 1600000
	[ "$PEAK" -lt "$((small + 1000))" ]
	# What is kept to be sent again is bounded, too: the input has 93 MB.
	peak 1600000 --retry 1
	[ "$PEAK" -lt 32000 ]
}
