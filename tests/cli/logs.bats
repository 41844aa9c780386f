#!/usr/bin/env bats
# wampd(8): formats of its log, and what clients can make it write.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# config LINE...: write wampd.yml.
config() {
	printf '%s\n' "$@" >wampd.yml
}

@test "log.format journald writes priorities, whatever stderr is" {
	config 'log: { format: journald, level: debug }'
	broker_start -c wampd.yml
	session '[5,"t"]'
	broker_stop
	run -1 grep -Ev '^<[3467]>[a-z]' "$BROKER_LOG"
	grep -q '^<6>version=' "$BROKER_LOG"
	grep -Eq '^<7>session=[^ ]+ subscribe topic=t$' "$BROKER_LOG"
}

@test "log.format text has the time for the journal, too" {
	: >"$BROKER_LOG"
	config 'log: { format: text }'
	JOURNAL_STREAM=$(stat -c %d:%i "$BROKER_LOG") \
	    broker_start -c wampd.yml
	broker_stop
	run -1 grep -v '^20.*Z wampd: info: ' "$BROKER_LOG"
}

@test "more lines of a kind than log.burst are counted" {
	local i

	config 'log: { level: debug, rate: 1, burst: 5 }'
	broker_start -c wampd.yml
	for i in {1..40}; do
		echo "[5,\"t/$i\"]"
	done >subscribe
	mapfile -t lines <subscribe
	session "${lines[@]}"
	broker_stop
	run -0 grep -c ' subscribe topic=' "$BROKER_LOG"
	[ "$output" -ge 5 ]
	[ "$output" -lt 40 ]
	awk '/ subscribe topic=t/ { n++ }
		/ more lines? w.* not logged: .* subscribe topic=/ {
			sub(/.*debug: /, "")
			n += $1
		}
		END { exit n != 40 }' "$BROKER_LOG"
}

@test "log.rate 0 logs all" {
	local i

	config 'log: { level: debug, rate: 0, burst: 1 }'
	broker_start -c wampd.yml
	mapfile -t lines < <(seq -f '[5,"t/%g"]' 100)
	session "${lines[@]}"
	broker_stop
	run -0 grep -c ' subscribe topic=' "$BROKER_LOG"
	assert_output 100
}

# Each of them is refused, with a line if there is room for it.
@test "10000 bad connections leave a bounded log" {
	local i address port

	broker_start
	address=${WS_URL#ws://}
	port=${address%/}
	port=${port##*:}
	for ((i = 0; i < 10000; i++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port"
		printf 'BAD\r\n\r\n' >&"$fd" || true
		exec {fd}>&-
	done
	assert_answers
	broker_stop
	[ "$(wc -l <"$BROKER_LOG")" -lt 2000 ]
	[ "$(stat -c %s "$BROKER_LOG")" -lt 400000 ]
}

@test "a wrong rate or burst is refused" {
	local line

	for line in 'rate: -1' 'rate: x' 'burst: 0' 'burst: -5'; do
		config "log: { $line }"
		run -1 wampd -t -c wampd.yml
		assert_output --partial 'wampd.yml:1:'
		assert_output --partial "log.${line%%:*}"
	done
}
