#!/usr/bin/env bats
# wamp-top(1): its lists for scripts, and its screen.

load helper
load screen

setup() {
	test_begin
}

teardown() {
	screen_end
	test_end
}

# Rows of the table, without what is above it.
table() {
	sed '1,/^$/d' <<<"$output"
}

# ---- lists ----

@test "-1 prints the broker and its sessions" {
	broker_start
	sub_start shop/orders
	run -0 wamp-top -1
	assert_line --index 0 --regexp '^wampd [0-9.]+  up [0-9]+s  memory '
	assert_line --index 1 --regexp '^sessions 2/[0-9.k]+  slow 0  topics 1'
	assert_line --index 2 --partial 'per second:  messages '
	assert_line --index 3 --regexp '^queues [0-9.]+/.*drops/s 0  total 0'
	run -0 table
	assert_line --index 0 --regexp '^SESSION +USER +ADDRESS +VIA +SUBS'
	assert_equal "${#lines[@]}" 3
	assert_line --index 1 --partial "local:$(id -un)"
}

@test "topics, handlers and counters are listed, too" {
	broker_start
	sub_start -C 3 shop/orders
	wamp-pub --retain shop/orders 1
	wamp-pub shop/orders 2
	run -0 wamp-top -1 topics
	assert_line --regexp '^shop/orders +1 +0 +0 +2 +yes '
	run -0 wamp-top -1 handlers
	assert_line --regexp '^open +broadcast +0 +2 +0 +0 +- +- +-$'
	run -0 wamp-top -1 --rows 1000 counters
	assert_line --regexp '^events +[0-9.]+ +2$'
	run -0 wamp-top -1 slow
	run -0 table
	assert_equal "${#lines[@]}" 1
	wamp-pub shop/orders 3
	run -0 sub_wait
}

@test "columns, order, filter and number of rows" {
	broker_start
	sub_start a b c
	sub_start -- b
	run -0 wamp-top -1 -o topic,SUBS topics
	run -0 table
	assert_line --index 0 'TOPIC SUBS'
	run -0 wamp-top -1 -o topic -s topic topics
	run -0 table
	assert_output "$(printf '%s\n' TOPIC a b c)"
	run -0 wamp-top -1 -o topic -s topic -r topics
	run -0 table
	assert_output "$(printf '%s\n' TOPIC c b a)"
	run -0 wamp-top -1 -o topic -s subscribers --rows 1 topics
	run -0 table
	assert_output "$(printf '%s\n' TOPIC b)"
	run -0 wamp-top -1 -o topic -s topic -f B topics
	run -0 table
	assert_output "$(printf '%s\n' TOPIC b)"
	run -0 wamp-top -1 -o topic -s topic -f '~^(a|c)$' topics
	run -0 table
	assert_output "$(printf '%s\n' TOPIC a c)"
}

@test "--json prints an object a list" {
	broker_start
	sub_start shop/orders
	run -0 wamp-top -b -n 2 -d 0.1 --json topics
	assert_equal "${#lines[@]}" 2
	run -0 jq -r '[.view, .broker.sessions, .rows[0].topic] | @csv' \
	    <<<"$output"
	assert_line --index 1 '"topics",2,"shop/orders"'
	run -0 wamp-top -1 --json -o topic,subscribers topics
	run -0 jq -c .rows <<<"$output"
	assert_output '[{"topic":"shop/orders","subscribers":1}]'
}

@test "names cannot control a terminal" {
	broker_start
	sub_start $'a\e[31m\nb' $'\u202eevil' ünïcödé/日本
	run -0 wamp-top -1 topics
	assert_line --regexp '^a\\x1b\[31m\\x0ab +1'
	assert_line --regexp '^\\xe2\\x80\\xaeevil +1'
	assert_line --regexp '^ünïcödé/日本 +1'
}

# background COMMAND...: run it; the file status gets how it ended.
background() {
	local status=0

	"$@" >list 2>err &
	echo $! >pid
	wait $! || status=$?
	echo "$status" >status
}

@test "it ends when nobody reads, by signals, and with the broker" {
	cd "$BATS_TEST_TMPDIR"
	broker_start
	run -141 bash -c 'set -o pipefail
	    wamp-top -b -d 0.1 | head -n 1 >/dev/null'
	run -1 bash -c 'wamp-top -1 >/dev/full'
	assert_output --partial 'No space left'
	background wamp-top -b -d 60 3>&- &
	wait_until test -s list
	kill -TERM "$(cat pid)"
	wait_until test -s status
	assert_equal "$(cat status)" 143
	rm list status
	background wamp-top -b -d 60 3>&- &
	wait_until test -s list
	broker_stop TERM
	wait_until test -s status
	assert_equal "$(cat status)" 6
}

@test "wrong options, servers and terminals are told" {
	run -2 wamp-top -1 session
	assert_output --partial 'did you mean sessions?'
	run -2 wamp-top -1 -o rtae
	assert_output "wamp-top: --columns: sessions has no column \"rtae\","\
' did you mean "rate"?'
	run -2 wamp-top -1 --sort topic
	assert_output --partial 'wamp-top: --sort: sessions has no column'
	run -2 wamp-top -1 -f '~('
	assert_output --partial 'wamp-top: --filter: '
	run -2 wamp-top -1 -d 0.01
	run -2 wamp-top -1 -n 2
	run -2 wamp-top --json
	run -2 wamp-top </dev/null
	assert_output 'wamp-top: stdin and stdout must be a terminal; -b '\
'prints lists instead'
	TERM=dumb run -2 on_terminal wamp-top
	assert_output --partial 'wamp-top: this terminal is too simple'
	run -5 wamp-top -1
	broker_start
	run -3 wamp-top -1 -u "$WS_URL"
	assert_output --partial 'only local peers may call this'
	# Then ncurses forgets a part of its memory.
	skip_if_sanitized
	TERM=no-such run -1 on_terminal wamp-top
	assert_output --partial 'this terminal is unknown (TERM=no-such)'
}

# ---- the screen ----

@test "the screen shows the broker, and keys choose what" {
	broker_start
	sub_start shop/orders shop/news
	screen_start 80 24 'wamp-top -d 0.2'
	screen_has '^wampd [0-9.]+  up '
	screen_has '^\[1 Sessions\] 2 Topics  3 Slow .* by MSG/S'
	screen_has '^SESSION +USER +ADDRESS +SUBS MSG/S +MSGS QUEUE DROPS SLOW'
	screen_has "^[A-Za-z0-9_-]{16} local:"
	screen_has '^\? help  Enter details '
	screen_keys 2
	screen_has '^ 1 Sessions \[2 Topics\]'
	screen_has '^shop/orders +1 '
	screen_keys 4
	screen_has '^open +broadcast '
	screen_keys 5
	screen_has '^sessions_opened '
	screen_keys Tab
	screen_has '^\[1 Sessions\]'
	screen_keys q
	screen_has '^ended with 0$'
}

@test "the screen is sorted, filtered, paused and explained by keys" {
	broker_start
	sub_start a b c
	sub_start -- b
	screen_start 80 24 'wamp-top -d 0.2 topics'
	screen_has '^b +2 '
	screen_keys '<' '<' '<'
	screen_has 'by TOPIC$'
	wait_until order_is abc
	screen_keys r
	screen_has 'by TOPIC reversed$'
	wait_until order_is cba
	screen_keys / B Enter
	screen_has 'reversed  /B$'
	wait_until order_is b
	screen_keys Escape
	wait_until order_is cba
	screen_keys / '~^[' Enter
	screen_has '^regular expression: '
	screen_keys d x Enter
	screen_has '^not a number of seconds'
	screen_keys p
	screen_has 'PAUSED'
	wamp-pub b 7
	screen_keys Home
	screen_has '^b +2 +0 +0 +0 '
	screen_keys Space
	screen_has '^b +2 +0 +[0-9.]+ +1 '
	screen_keys '?'
	screen_has '^wamp-top: keys'
	screen_keys q
	screen_has '\[2 Topics\]'
	screen_keys Down Enter
	screen_has '^wamp-top: details'
	screen_has '^topic: "b"'
	screen_has '^subscribers: 2'
}

# Of the names of the table.
order_is() {
	[ "$(screen | sed -n '7,$s/^\([abc]\) .*/\1/p' | tr -d '\n')" = "$1" ]
}

@test "a session is closed, after a question" {
	broker_start
	sub_start --no-reconnect shop/orders
	screen_start 80 24 'wamp-top -d 0.2 --sort subscriptions'
	screen_has '^[A-Za-z0-9_-]{16} local:[a-z]+ +pid:[0-9]+ +1 '
	screen_keys K
	screen_has '^Close session [A-Za-z0-9_-]{16} of local:[a-z]+\? \(y/N\)'
	screen_keys n
	screen_lacks '^Close session'
	screen_keys K
	screen_has '^Close session'
	screen_keys y
	screen_has '^session [A-Za-z0-9_-]{16} closed'
	run -6 sub_wait
	screen_keys 2
	screen_has '\[2 Topics\]'
	screen_keys K
	screen_has '^only sessions can be closed'
}

@test "it follows the size of the terminal" {
	broker_start
	screen_start 80 24 'wamp-top -d 0.2'
	screen_has '^SESSION +USER +ADDRESS +SUBS'
	screen_size 132 43
	screen_has '^SESSION +USER +ADDRESS +VIA +SUBS .*WAIT +AGE$'
	[ "$(screen | wc -l)" -eq 43 ]
	screen_size 40 10
	screen_has '^USER +ADDRESS +MSG/S QUEUE +AGE$'
	screen_size 30 8
	screen_has '^too small:'
	screen_size 132 43
	screen_has '^SESSION +USER +ADDRESS +VIA +SUBS'
}

@test "the screen stays when the broker has gone, and goes on with the next" {
	broker_start
	screen_start 80 24 'wamp-top -d 0.2'
	screen_has '^[A-Za-z0-9_-]{16} local:'
	broker_stop TERM
	screen_has '^connection lost, reconnecting in '
	screen_has '^[A-Za-z0-9_-]{16} local:'
	screen_keys 5
	screen_has '\[5 Counters\]'
	broker_start
	screen_lacks '^connection lost'
	screen_has '^sessions_opened '
	screen_keys q
	screen_has '^ended with 0$'
}

@test "signals give the terminal back" {
	local signal

	broker_start
	for signal in INT:130 TERM:143 HUP:129; do
		screen_start 80 24 'wamp-top -d 0.2'
		screen_has '^\[1 Sessions\]'
		kill -"${signal%:*}" "$(screen_pid wamp-top)"
		screen_has "^ended with ${signal#*:}$"
		screen_lacks '^wampd '
		run -0 screen_tmux display-message -p '#{cursor_flag}'
		assert_output 1
		screen_end
	done
}

@test "colours are as everywhere" {
	broker_start
	screen_start 80 24 'wamp-top -d 0.2'
	screen_has '^\[1 Sessions\]'
	screen_tmux capture-pane -e -p | grep -q $'\e\\[[0-9;]*42m'
	screen_end
	screen_start 80 24 'NO_COLOR=1 wamp-top -d 0.2'
	screen_has '^\[1 Sessions\]'
	run ! grep -q $'\e\\[[0-9;]*4[0-8]m' \
	    <(screen_tmux capture-pane -e -p)
}
