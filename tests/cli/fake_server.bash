# fake_server.bash: servers that are not wampd, for the tools' tests.
#
#	load helper
#	load fake_server
#
# Call fake_end in teardown.

# fake_start KIND [SOCKET]: returns when it listens; FAKE is its address, and
# fake_start's kinds are those of fake_server.mjs.
fake_start()
{
	rm -f "$BATS_TEST_TMPDIR/fake.ready"
	node "$BATS_TEST_DIRNAME/fake_server.mjs" "$1" \
	    "$BATS_TEST_TMPDIR/fake.ready" "${@:2}" \
	    >"$BATS_TEST_TMPDIR/fake.log" 3>&- &
	FAKE_PID=$!
	wait_until test -e "$BATS_TEST_TMPDIR/fake.ready"
	# shellcheck disable=SC2034	# read by the tests
	FAKE=$(cat "$BATS_TEST_TMPDIR/fake.ready")
}

# What the fake has heard so far.
fake_heard()
{
	cat "$BATS_TEST_TMPDIR/fake.log"
}

# The head of the last request that it got.
fake_head()
{
	tr -d '\r' <"$BATS_TEST_TMPDIR/fake.ready.head"
}

fake_end()
{
	[ -n "${FAKE_PID-}" ] || return 0
	kill "$FAKE_PID"
	wait "$FAKE_PID" || true	# the signal
	FAKE_PID=
}
