# wampd.bash: for tests in bats: a broker of its own for each test, on a free
# port, and browsers that listen.  Copy it beside your tests:
#
#	load wampd
#	setup() { wampd_start -r websocket_routing.yml; }
#	teardown() { wampd_stop; }
#
# The tools talk to that broker; WS_URL is where a browser would.

# wampd_start OPTION...: returns when it listens, fails with its log if not.
wampd_start()
{
	local ports=$BATS_TEST_TMPDIR/ports log=$BATS_TEST_TMPDIR/wampd.log

	export WAMPD_CONTROL=$BATS_TEST_TMPDIR/control.sock
	wampd -l 127.0.0.1:0 --ports-file "$ports" "$@" 2>"$log" 3>&- &
	WAMPD_PID=$!
	until [ -e "$ports" ]; do
		kill -0 "$WAMPD_PID" 2>/dev/null || { cat "$log"; return 1; }
		sleep 0.05
	done
	WS_URL=ws://$(sed -n 's/^ws //p' "$ports")/
	export WS_URL
}

wampd_stop()
{
	kill "$WAMPD_PID" "${BROWSER_PID:-$WAMPD_PID}" 2>/dev/null
	wait
}

# browser_start COUNT TOPIC...: listen as a browser; returns when subscribed.
browser_start()
{
	local ready=$BATS_TEST_TMPDIR/ready

	rm -f "$ready"
	wamp-sub -u "$WS_URL" --ready-file "$ready" -W 10s -C "$@" \
	    >"$BATS_TEST_TMPDIR/heard" 3>&- &
	BROWSER_PID=$!
	until [ -e "$ready" ]; do
		kill -0 "$BROWSER_PID" || return 1
		sleep 0.05
	done
}

# browser_heard EVENT...: it has heard COUNT events, and these they are.
browser_heard()
{
	wait "$BROWSER_PID" &&
	    diff <(printf '%s\n' "$@") "$BATS_TEST_TMPDIR/heard"
}
