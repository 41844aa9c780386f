#!/usr/bin/env bats
# Every option of every program with values that make no sense: always one
# line that says why and a documented status, never a crash.  The options come
# from the programs' own tables, so that a new one is tested too.

load helper
load fake_server

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	echo '{}' >routes.yml
	LONG=$(printf '%65536s' '' | tr ' ' x)
}

teardown() {
	fake_end
	test_end
}

# program NAME: what follows is about it.  RUN is a command that is in order,
# but for the address of the broker, which no retry makes better; wampd only
# checks its configuration.
program() {
	PROGRAM=$1
	export WAMPD_CONTROL=$BATS_TEST_TMPDIR/${LONG:0:200}
	case $1 in
	wampd)	RUN=(wampd -t) ;;
	wamp-pub)
		RUN=(wamp-pub topic 1) ;;
	wamp-routes)
		RUN=(wamp-routes routes.yml) ;;
	wamp-maint)
		RUN=(wamp-maint off) ;;
	wamp-bench)
		RUN=(wamp-bench call) ;;
	wamp-top)
		RUN=(wamp-top -1) ;;
	wamp-check)
		RUN=(wamp-check) ;;
	wamp-ticket)
		[ -e ticket.key ] ||
		    wamp-ticket key --output ticket.key >ticket.pub
		RUN=(wamp-ticket key -k ticket.key) ;;
	*)	RUN=("$1" name) ;;
	esac
}

# wamp-check has the statuses of monitoring plug-ins, and tells on stdout why
# it could not check.
as_tools_do() {
	local state=${PRINTED[0]:-}

	case $STATUS in
	2)	STATUS=5
		SAID=("wamp-check: ${state#*CRITICAL - }") ;;
	3)	STATUS=2
		[ -z "$state" ] || SAID=("wamp-check: ${state#*UNKNOWN - }") ;;
	esac
	PRINTED=()
}

# try ARGUMENT...: run it; then STATUS, PRINTED and SAID, the lines on stdout
# and stderr, tell how it went.
try() {
	TRIED="${RUN[*]} $*"
	STATUS=0
	"$BIN/${RUN[0]}" "${RUN[@]:1}" "$@" </dev/null >out 2>err 3>&- ||
	    STATUS=$?
	mapfile -t SAID <err
	mapfile -t PRINTED <out
	[ "$PROGRAM" != wamp-check ] || as_tools_do
	printf '%s\n' "${SAID[@]}" >>all.err
}

wrong() {
	printf '%s\nended with %s, stderr:\n%s\nwhich is wrong: %s\n' \
	    "${TRIED//$LONG/LONG}" "$STATUS" "${SAID[*]:0:1}" "$1"
	return 1
}

# One line that begins with the program's name.
gives_reason() {
	# What is wrong in a file is told before, by its place.
	[[ $PROGRAM != wampd || ${SAID[0]} != ?*': error: '* ]] ||
	    SAID=("${SAID[@]: -1}")
	[ ${#SAID[@]} -eq 1 ] || wrong 'number of lines'
	[[ ${SAID[0]} == "$PROGRAM: "?* || ${SAID[0]} == *': error: '* ]] ||
	    wrong 'no name'
}

# try it; the status is one that the manual page has, and a line says why.
survived() {
	try "$@"
	case $STATUS in
	0)	;;
	1)	# Diagnostics are what a check is asked for.
		[[ $PROGRAM = wamp-routes && -n ${PRINTED[*]} ]] ||
		    gives_reason ;;
	2)	[ ${#PRINTED[@]} -eq 0 ] || wrong 'stdout'
		gives_reason ;;
	5)	[[ " $* " == *\ @(-q|--quiet)\ * ]] || gives_reason ;;
	*)	wrong 'status' ;;
	esac
}

# A usage error.
refused() {
	survived "$@"
	[ "$STATUS" -eq 2 ] || wrong 'not refused'
}

# same_twice OPTION...: given twice it ends as given once.
same_twice() {
	local once

	survived "$@"
	once=$STATUS:${SAID[*]}:${PRINTED[*]}
	survived "$@" "$@"
	[ "$STATUS:${SAID[*]}:${PRINTED[*]}" = "$once" ] ||
	    wrong "once it is $once"
}

# bad_values OPTION KIND WORDS
bad_values() {
	local value

	refused "$1"
	# There is an empty topic, and it may have a route.
	[[ "$PROGRAM $1" = 'wamp-routes '@(-m|--match) ]] || refused "$1" ''
	for value in 99999999999999999999 -1 NaN "$LONG" $'\e[1m\n\u009bx'; do
		survived "$1" "$value"
	done
	case $2 in
	file)	survived "$1" $'\xff\xfe'
		same_twice "$1" routes.yml ;;
	words)	refused "$1" $'\xff\xfe'
		refused "$1" "${3%% *}x"
		same_twice "$1" "${3%% *}" ;;
	*)	refused "$1" $'\xff\xfe'
		if [[ $1 != --arg?(json) ]]; then
			same_twice "$1" 1
			return
		fi
		# A name and its value, once.
		refused "$1" x $'\xff\xfe'
		refused "$1" x 1 "$1" x 1 ;;
	esac
}

# bad_option LONG SHORT KIND WORDS: a row of the table.
bad_option() {
	local option

	if [ "$1" != -- ]; then
		refused "$1x"
		refused "$1x="
		[[ ${SAID[0]} == *', did you mean --'* ]] || wrong 'no hint'
	fi
	for option in "$1" "$2"; do
		if [[ $option = -- || $option = - ]]; then
			continue
		elif [ "$3" != flag ]; then
			bad_values "$option" "$3" "$4"
		else
			same_twice "$option"
		fi
	done
	if [[ $1 != -- && $3 = flag ]]; then
		refused "$1="
		refused "$1=1"
	fi
}

bad_program() {
	# bats notes each command that a function runs, with its arguments of
	# 64 KiB; wrong() says where it was.
	set +o functrace
	local long short kind words _

	program "$1"
	while IFS=$'\t' read -r long short kind words _; do
		[[ $long != -* ]] ||
		    bad_option "$long" "$short" "$kind" "$words"
	done < <("$BIN/$1" --complete)
	refused --no-such-option
	refused -%
	refused -$'\xff'
	refused -ä
	refused "--$LONG"
	# What goes to a terminal.
	iconv -f UTF-8 -t UTF-8 all.err >/dev/null
	run ! grep -n '[[:cntrl:]]' all.err
}

@test "wampd's options" {
	bad_program wampd
}

@test "wamp-bench's options" {
	bad_program wamp-bench
}

@test "wamp-check's options" {
	bad_program wamp-check
}

@test "wamp-call's options" {
	bad_program wamp-call
}

@test "wamp-maint's options" {
	bad_program wamp-maint
}

@test "wamp-pub's options" {
	bad_program wamp-pub
}

@test "wamp-routes's options" {
	bad_program wamp-routes
}

@test "wamp-sub's options" {
	bad_program wamp-sub
}

@test "wamp-ticket's options" {
	bad_program wamp-ticket
}

@test "wamp-top's options" {
	bad_program wamp-top
}

# ---- files ----

# no_file OPTION: what there is instead of a file.
no_file() {
	local writer

	survived "$1" .
	survived "$1" routes.yml/none
	survived "$1" /dev/null
	# A pipe has a writer, who goes without a word.
	rm -f pipe
	mkfifo pipe
	: >pipe 3>&- &
	writer=$!
	survived "$1" pipe
	# Nobody may have read it.  A shell that is about to open it puts other
	# signals off, and then waits for ever.
	kill -KILL "$writer" 2>/dev/null || true
	wait "$writer" || true
}

@test "options that name files take no folder, device or empty pipe amiss" {
	local path long kind

	set +o functrace
	for path in "$BIN"/*; do
		program "${path##*/}"
		while IFS=$'\t' read -r long _ kind _; do
			[[ $long != --?* || $kind != file ]] || no_file "$long"
		done < <("$path" --complete)
	done
}

to_full_disk() {
	"$@" >/dev/full
}

@test "what is told goes to a full disk" {
	local path option

	for path in "$BIN"/*; do
		for option in -h --help -V --complete; do
			program "${path##*/}"
			run -1 to_full_disk "$path" "$option"
			assert_output --regexp \
			    "^$PROGRAM: cannot write.*: No space"
		done
	done
}

# ---- operands ----

# with_operands PROGRAM OPERAND...: try just that.
with_operands() {
	program "$1"
	RUN=("$1")
	refused "${@:2}"
}

@test "operands that are missing, empty, no UTF-8 or too many" {
	local name

	for name in bench call maint pub routes sub ticket top; do
		with_operands "wamp-$name"
	done
	for name in bench call maint pub sub ticket top; do
		with_operands "wamp-$name" ''
		with_operands "wamp-$name" $'\xff'
	done
	with_operands wampd more
	with_operands wamp-pub topic 1 2
	with_operands wamp-maint off off
	with_operands wamp-bench pub pub
	with_operands wamp-ticket show a b
	# What is no JSON is so by its content.
	program wamp-pub
	RUN=(wamp-pub)
	survived topic $'\xff'
	[ "$STATUS" -eq 1 ]
	survived topic $'1\x01'
	[ "$STATUS" -eq 1 ]
}

# refused_by_broker PROGRAM ARGUMENT...
refused_by_broker() {
	program "$1"
	RUN=("$1")
	try "${@:2}"
	gives_reason
	[ "$STATUS" -eq 3 ] || wrong 'not refused by the broker'
}

@test "a URI of 64 KiB is refused by the broker" {
	local target

	set +o functrace
	broker_start
	for target in "-S$WAMPD_CONTROL" "-u$WS_URL"; do
		refused_by_broker wamp-pub "$target" "$LONG" 1
		refused_by_broker wamp-sub "$target" "$LONG"
		refused_by_broker wamp-call "$target" "$LONG"
	done
}

@test "NUL bytes in the input" {
	broker_start
	sub_start -C 2 topic
	run -1 wamp-pub topic < <(printf '1\0')
	assert_output --partial 'stdin: invalid JSON: '
	run -1 wamp-pub -l topic < <(printf '[1]\n[2\0]\n')
	assert_output --partial 'line 2: invalid JSON: '
	run -0 wamp-pub -s topic < <(printf 'a\0b')
	run -0 sub_wait
	assert_output $'[1]\n"a\\u0000b"'
}

# ---- servers ----

# against STATUS KIND ARGUMENT...: each tool that subscribes or calls ends so
# against that fake; servers.bats does more with wamp-pub.
against() {
	local name

	fake_start "$2" "${@:3}"
	for name in wamp-call wamp-maint wamp-sub; do
		program "$name"
		try -w 0.3 "$TARGET" "$FAKE"
		gives_reason
		[ "$STATUS" -eq "$1" ] || wrong "not $1"
	done
	fake_end
}

@test "WebSocket servers that are none, or speak no WAMP" {
	TARGET=-u
	against 5 hangup
	against 5 http-403
	against 5 no-wamp
	against 4 silent
	against 4 no-welcome
}

@test "control sockets that are none, or speak no WAMP" {
	TARGET=-S
	against 5 garbage "$BATS_TEST_TMPDIR/garbage"
	against 5 hangup "$BATS_TEST_TMPDIR/hangup"
	against 4 silent "$BATS_TEST_TMPDIR/silent"
}
