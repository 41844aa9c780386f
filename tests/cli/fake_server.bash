# fake_server.bash: servers that are not wampd, for the tools' tests.
#
#	load helper
#	load fake_server
#
# Call fake_end in teardown.

FAKE_PIDS=()

# fake_start KIND [SOCKET]: returns when it listens; FAKE is its address, and
# fake_start's kinds are those of fake_server.mjs.
fake_start()
{
	rm -f "$BATS_TEST_TMPDIR/fake.ready"
	node "$BATS_TEST_DIRNAME/fake_server.mjs" "$1" \
	    "$BATS_TEST_TMPDIR/fake.ready" "${@:2}" \
	    >"$BATS_TEST_TMPDIR/fake.log" 3>&- &
	FAKE_PIDS+=("$!")
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

# All that a test has started.
fake_end()
{
	local pid

	for pid in "${FAKE_PIDS[@]}"; do
		kill "$pid"
		wait "$pid" || true	# the signal
	done
	FAKE_PIDS=()
}
