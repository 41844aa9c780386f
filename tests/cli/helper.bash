# helper.bash: what all bats files share: a broker of its own for each test,
# on a free port and a socket in the test's folder, and tools to talk to it.
#
#	load helper
#
#	setup() {
#		test_begin
#		broker_start
#	}
#
#	teardown() {
#		test_end
#	}
#
# WAMP_BIN	folder of the programs under test (default: bin/)
#
# Nothing here sleeps for a fixed time: what a test waits for is a file that a
# program puts in place, or its end, with a bound.

bats_require_minimum_version 1.8.0
bats_load_library bats-support
bats_load_library bats-assert

export LC_ALL=C.UTF-8	# a bare machine has none: shells take bytes apart
# Of 20 ms: a minute, or on a slow machine more; tests/run says how much.
WAIT_STEPS=$((3000 * ${WAMP_TEST_SLOW:-1}))

# The programs under test come first in PATH, and nothing of the user's
# environment reaches them.
test_begin()
{
	local root=${BATS_TEST_DIRNAME%/tests/cli}

	BIN=${WAMP_BIN:-$root/bin}
	unset "${!WAMP@}" "${!ORO_@}"
	# Instead of port 8080, which somebody else may have.
	export ORO_WEBSOCKET_SERVER_DSN=//127.0.0.1:0
	export PATH=$BIN:$PATH
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
	export WAMPD_CONTROL=$BATS_TEST_TMPDIR/control.sock
	local reports="log_path=$BATS_TEST_TMPDIR/sanitizer"
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}$reports"
	export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}$reports"
	export UBSAN_OPTIONS="print_stacktrace=1:$reports"
	BROKER_PID=
	TOOL_PID=
	BROKER_LOG=$BATS_TEST_TMPDIR/wampd.log
	PORTS=$BATS_TEST_TMPDIR/ports
	SUB_COUNT=0
	# A pipe that nobody writes to: reading it with a limit is a wait
	# without a process.
	exec {NEVER}<> <(:)
}

# End what the test started.  Fails when the broker did not end well or a
# sanitizer found something.
test_end()
{
	local n pid report rc=0

	for ((n = 1; n <= SUB_COUNT; n++)); do
		if [ ! -s "$BATS_TEST_TMPDIR/sub.$n.status" ]; then
			read -r pid <"$BATS_TEST_TMPDIR/sub.$n.pid"
			kill "$pid"
			sub_wait "$n" || true
		fi
	done
	broker_stop TERM || rc=1
	for report in "$BATS_TEST_TMPDIR"/sanitizer.*; do
		if [ -e "$report" ]; then
			cat "$report"
			rc=1
		fi
	done
	[ ! -e "$BROKER_LOG" ] || sed 's/^/wampd.log: /' "$BROKER_LOG"
	return "$rc"
}

# certificate FILE: make a certificate of this machine and its key, both in
# FILE.
certificate()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -subj /CN=localhost -nodes -days 2 \
	    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
	    -keyout - -out - >"$1" 2>/dev/null
	chmod go= "$1"	# it holds a key
}

# certificate_expired REQUEST CA KEY [OPTION...]: what the CA makes of the
# request, for two days of the past; on stdout.  "openssl x509" has no dates in
# Debian 12, and since 13 takes no negative number of days.
certificate_expired()
{
	local folder=$BATS_TEST_TMPDIR/ca

	mkdir -p "$folder"
	: >"$folder/index"
	cat >"$folder/config" <<-END
		[ca]
		default_ca = here
		[here]
		database = $folder/index
		new_certs_dir = $folder
		rand_serial = yes
		default_md = sha256
		policy = any
		[any]
		commonName = supplied
	END
	openssl ca -batch -notext -config "$folder/config" -in "$1" \
	    -cert "$2" -keyfile "$3" -startdate 20200101000000Z \
	    -enddate 20200103000000Z "${@:4}" 2>/dev/null
}

# The programs are built with a sanitizer.  gcc links it as a library, clang
# puts it into the program; either way the program has the name of its start.
is_sanitized()
{
	grep -q '__[at]san_init' "$BIN/wampd"
}

# For what a test says of memory: a sanitizer pads it, keeps what was freed, and
# reserves terabytes for itself.
skip_if_sanitized()
{
	! is_sanitized || skip "the memory is a sanitizer's"
}

# A kernel may have IPv6, and the loopback device not.
skip_without_ipv6()
{
	grep -qs ' lo$' /proc/net/if_inet6 || skip 'no IPv6 on loopback'
}

# deep LEVELS: lists, one in the other, as JSON.
deep()
{
	printf "%${1}s" | tr ' ' '['
	printf "%${1}s" | tr ' ' ']'
}

# wait_until COMMAND...: repeat it until it succeeds.
wait_until()
{
	local i

	for ((i = 0; i < WAIT_STEPS; i++)); do
		if "$@"; then
			return 0
		fi
		read -r -t 0.02 -u "$NEVER" || true
	done
	echo "waited in vain for: $*"
	return 1
}

# broker_start [ARGUMENT...]: returns when it listens; then WS_URL names its
# WebSocket and WAMPD_CONTROL its control socket.
broker_start()
{
	broker_run -l 127.0.0.1:0 -S "$WAMPD_CONTROL" "$@"
}

# The same without addresses of ours.
broker_run()
{
	rm -f "$PORTS"
	"$BIN/wampd" --ports-file "$PORTS" "$@" 2>>"$BROKER_LOG" 3>&- &
	BROKER_PID=$!
	wait_until broker_listens_or_ended
	[ -e "$PORTS" ]
	WS_URL=ws://$(awk '$1 == "ws" { print $2; exit }' "$PORTS")/
	export WS_URL
}

broker_listens_or_ended()
{
	[ -e "$PORTS" ] || broker_ended
}

# process_ended PID: a child that has ended is a zombie until it is waited for,
# by us or by someone who never does.  Not asked of ps, which would be one
# process a look.
process_ended()
{
	local state

	{ read -r _ _ state _ <"/proc/$1/stat"; } 2>/dev/null || return 0
	[ "$state" = Z ]
}

# children_of PROCESS: those that it has started and not waited for, in a line.
children_of()
{
	local children

	read -ra children <"/proc/$1/task/$1/children" || true
	echo "${children[*]}"
}

broker_ended()
{
	process_ended "$BROKER_PID"
}

# broker_stop [SIGNAL]: returns the broker's exit status.  A broker that
# does not end is killed, which is a status of its own.  Not for run, whose
# shell is not the broker's parent.
broker_stop()
{
	local pid=$BROKER_PID

	[ -n "$pid" ] || return 0
	kill -s "${1:-TERM}" "$pid" 2>/dev/null || true	# it may be gone
	wait_until broker_ended || kill -s KILL "$pid"
	BROKER_PID=
	wait "$pid"
}

# sub_start ARGUMENT...: start wamp-sub; returns when it has subscribed, or
# has ended before that.
sub_start()
{
	local sub=$BATS_TEST_TMPDIR/sub.$((++SUB_COUNT))

	sub_run "$sub" "$@" 3>&- &
	wait_until sub_ready_or_ended "$sub"
}

# A shell of its own waits for wamp-sub: sub_wait may be called by run, whose
# shell could not.
sub_run()
{
	local sub=$1 status=0

	shift
	"$BIN/wamp-sub" --ready-file "$sub.ready" "$@" \
	    >"$sub.out" 2>"$sub.err" &
	echo $! >"$sub.pid"
	wait $! || status=$?
	echo "$status" >"$sub.status"
}

sub_ready_or_ended()
{
	[ -e "$1.ready" ] || [ -s "$1.status" ]
}

# sub_wait [N]: wait for the end of the Nth wamp-sub (default: the last);
# prints what it printed and returns its exit status.
sub_wait()
{
	local sub=$BATS_TEST_TMPDIR/sub.${1:-$SUB_COUNT} status

	wait_until test -s "$sub.status"
	read -r status <"$sub.status"
	cat "$sub.out"
	cat "$sub.err" >&2
	return "$status"
}

# tool_start COMMAND...: start it in the background, as the process TOOL_PID.
# It reads what is written to descriptor 7, which nobody else may hold for
# long; its stderr is the file err, and its stdout that of the call.
tool_start()
{
	local folder=$BATS_TEST_TMPDIR

	[ -p "$folder/pipe" ] || mkfifo "$folder/pipe"
	"$@" <"$folder/pipe" 2>"$folder/err" 3>&- &
	TOOL_PID=$!
	exec 7>"$folder/pipe"
}

# tool_status N: wait for its end, which has this status; prints its stderr.
# Not for run, whose shell is not the tool's parent.
tool_status()
{
	local status=0

	wait "$TOOL_PID" || status=$?
	TOOL_PID=
	exec 7>&-
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" -eq "$1" ]
}

# subscribed TOPIC: someone is.
subscribed()
{
	wamp-call wampd.topics | jq -e --arg t "$1" \
	    'any(.[]; .topic == $t and .subscribers > 0)' >/dev/null
}

# on_terminal COMMAND: run it on a terminal, which is COLUMNS wide if that is
# set; prints what it wrote there, and returns its exit status.
on_terminal()
{
	SHELL=/bin/sh script -qec "$1" /dev/null </dev/null 3>&-
}

# session [MESSAGE...]: one session on the control socket; prints what the
# broker says until it has answered everything, or hung up.  The answer to a
# last call shows that all before is done; until then a gate, which is a pipe
# that nobody else uses, keeps socat's input open.
session()
{
	local gate line last='[2,"session","wampd.echo"]'

	exec {gate}<> <(:)
	{
		printf '%s' "${@/%/$'\n'}" "$last"$'\n'
		read -r _ <&"$gate"
	} | socat -t 0 - "UNIX-CONNECT:$WAMPD_CONTROL" 3>&- | {
		while IFS= read -r line &&
		    [ "$line" != '[3,"session",[]]' ]; do
			printf '%s\n' "$line"
		done
		echo >&"$gate"
	}
	exec {gate}>&-
}

# The broker welcomes a session and answers its call.
assert_answers()
{
	run -0 session '[2,"1","wampd.info"]'
	assert_line --index 0 --regexp '^\[0,"[^"]+",1,"wampd/[0-9.]+"\]$'
	assert_line --index 1 --regexp '^\[3,"1",\{.*\}\]$'
}
