#!/usr/bin/env bats
# Reloads without end, while a broker works: nothing is lost, nothing grows.
#
# WAMP_RELOADS	how often (default: 100)

load helper

RELOADS=${WAMP_RELOADS:-100}	# before test_begin unsets it

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	cat >child.sh <<-'END'
	while read -r line; do
		[[ $line = *'"type":"call"'* ]] || continue
		id=${line#*\"id\":} id=${id%%[,\}]*}
		echo "{\"id\":$id,\"result\":$$}"
	done
	END
	write_files 1
}

teardown() {
	test_end
}

# write_files N: a configuration that differs from that of another N.
write_files() {
	cat >routes.yml.new <<-END
	t: { channel: 't/{n}', handler: h }
	x: { channel: x, handler: x }
	ping: { channel: ping, handler: ping }
	only$1: { channel: 'only$1/{n}', handler: only$1 }
	END
	cat >wampd.yml.new <<-END
	routes: [routes.yml]
	limits: { queue: $((1000000 + $1)) }
	handlers:
	  h: { type: broadcast, subscribe: anyone, publish: anyone, log: false,
	    max_size: $((1000 + $1)) }
	  x: { type: exec, command: [bash, child.sh], call: local }
	  ping: { type: ping, interval: 1h }
	  only$1: { type: jq, publish: '.event', timeout: ${1}s }
	END
	mv routes.yml.new routes.yml
	mv wampd.yml.new wampd.yml
}

rss() {
	awk '/^VmRSS/ { print $2 }' "/proc/$BROKER_PID/status"
}

@test "reloads lose no event, close no session, and take no memory" {
	local i n=$RELOADS pub child before after

	broker_start -c wampd.yml
	child=$(wamp-call x)
	sub_start -u "$WS_URL" t/1
	sub_start -u "$WS_URL" t/1
	seq 100000000 | wamp-pub -ql --rate 2000 t/1 >pub.out 3>&- &
	pub=$!
	for ((i = 1; i <= n; i++)); do
		[ "$i" != $((n / 4)) ] || before=$(rss)
		write_files "$((i % 10 + 1))"
		wamp-call wampd.reload >answer
	done
	after=$(rss)
	run -0 jq .generation answer
	assert_output "$((n + 1))"
	kill -s TERM "$pub"
	wait "$pub" || true
	assert_equal "$(wamp-call x)" "$child"
	run -0 wamp-call wampd.info
	run -0 jq .generations <<<"$output"
	assert_output 1
	run -0 wamp-call wampd.stats
	run -0 jq -r '"\(.sessions_overflowed) \(.events_refused)"' \
	    <<<"$output"
	assert_output '0 0'
	wamp-pub t/1 '"last"'
	for i in 1 2; do
		wait_until grep -q last "$BATS_TEST_TMPDIR/sub.$i.out"
		# 1, 2, 3 and so on, and the last one.
		awk '$0 != NR { if ($0 != "\"last\"") exit 1; last = NR }
			END { exit last == NR && NR > 1 ? 0 : 1 }' \
		    "$BATS_TEST_TMPDIR/sub.$i.out"
	done
	is_sanitized || [ "$after" -le "$((before + before / 2))" ]
}
