#!/usr/bin/env bats
# What examples/pipelines make of the tools; those that are older are in
# examples.bats.

load helper

setup() {
	test_begin
	export PATH=${BATS_TEST_DIRNAME%/tests/cli}/examples/pipelines:$PATH
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	PIPELINE_PID=
}

teardown() {
	[ -z "$PIPELINE_PID" ] || pipeline_stop
	test_end
}

# The pipeline is a group of its own, as a terminal would make it.
pipeline_start() {
	setsid "$@" 3>&- &
	PIPELINE_PID=$!
}

pipeline_stop() {
	kill -- "-$PIPELINE_PID" 2>/dev/null || true	# it may have ended
	wait "$PIPELINE_PID" || true
}

subscriptions_are() {
	[ "$(wamp-call wampd.info | jq .subscriptions)" -eq "$1" ]
}

has() {
	[ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

@test "each pipeline without arguments says how it is used" {
	local file folder

	folder=${BATS_TEST_DIRNAME%/tests/cli}/examples/pipelines
	for file in "$folder"/*; do
		run -2 "$file" </dev/null
		assert_output --partial "usage: ${file##*/} "
		[ "${#lines[@]}" -eq 1 ]
	done
}

# ---- topic-file.sh ----

@test "topic-file.sh keeps the last event in a file" {
	broker_start
	pipeline_start topic-file.sh news last.json
	wait_until subscriptions_are 1
	wamp-pub news '{"n":1}'
	wait_until has last.json '{"n":1}'
	wamp-pub news '"two\nlines"'
	wait_until has last.json '"two\nlines"'
	run -0 ls
	assert_output last.json
}

@test "topic-file.sh ends when its topic is refused" {
	echo 'news: { channel: news, handler: news }' >routes.yml
	broker_start -r routes.yml
	run -3 topic-file.sh sports last.json
	[ ! -e last.json ]
}

# ---- fan-out.sh ----

@test "fan-out.sh gives every event to all commands" {
	broker_start
	pipeline_start fan-out.sh news 'cat >all' \
	    'jq --unbuffered .n >numbers' 'head -n 1 >first'
	wait_until subscriptions_are 1
	printf '{"n":%d}\n' 1 2 3 | wamp-pub -l news
	wait_until has all $'{"n":1}\n{"n":2}\n{"n":3}'
	wait_until has numbers $'1\n2\n3'
	wait_until has first '{"n":1}'
}

# ---- follow-url.sh ----

# A server of one answer, with what is in the file "body".
serve() {
	cat >server.py <<-'EOT'
		import http.server, os, sys
		class Once(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        self.send_response(200 if self.path == '/' else 404)
		        self.end_headers()
		        self.wfile.write(open('body', 'rb').read())
		server = http.server.HTTPServer(('127.0.0.1', 0), Once)
		with open('new', 'w') as f:
		    f.write('http://127.0.0.1:%d' % server.server_port)
		os.rename('new', 'url')
		server.handle_request()
	EOT
	python3 server.py 2>/dev/null 3>&- &
	wait_until test -e url
	URL=$(cat url)
}

@test "follow-url.sh publishes what a service sends" {
	printf '{"n":1}\nno JSON\n{"n":2}\n' >body
	broker_start
	serve
	sub_start -C 2 news
	run -1 follow-url.sh "$URL/" news
	assert_output --partial 'line 2: invalid JSON'
	run -0 sub_wait
	assert_output $'{"n":1}\n{"n":2}'
}

@test "follow-url.sh fails when the service does" {
	echo 'not found' >body
	broker_start
	serve
	run -22 follow-url.sh "$URL/none" news
	assert_output --partial 404
}

# ---- journal.sh ----

@test "journal.sh publishes what is new in the journal" {
	mkdir bin
	cat >bin/journalctl <<-'EOT'
		#!/bin/sh
		[ "$*" = '-f -n 0 -o json -p err' ] || exit 9
		printf '{"_HOSTNAME":"h","MESSAGE":"%s"%s}\n' \
		    full ',"PRIORITY":"3","_SYSTEMD_UNIT":"cron.service"' \
		    'no unit' ''
	EOT
	chmod +x bin/journalctl
	broker_start
	sub_start -C 2 ops
	PATH=$PWD/bin:$PATH run -0 journal.sh ops -p err
	run -0 sub_wait
	assert_line -n 0 \
	    '{"host":"h","unit":"cron.service","priority":3,"text":"full"}'
	assert_line -n 1 \
	    '{"host":"h","unit":null,"priority":6,"text":"no unit"}'
}

# ---- watch-folder.sh ----

@test "watch-folder.sh tells of files" {
	mkdir in
	broker_start
	sub_start --idle 10s -j files
	pipeline_start watch-folder.sh in files
	wait_until touched
	touch 'in/a "file"'
	mv 'in/a "file"' in/b
	rm in/b
	wait_until removed
	run -0 jq -c 'select(.event.file != "there").event' \
	    "$BATS_TEST_TMPDIR/sub.1.out"
	assert_line -n 0 '{"what":"written","file":"a \"file\""}'
	assert_line -n 1 '{"what":"removed","file":"a \"file\""}'
	assert_line -n 2 '{"what":"written","file":"b"}'
	assert_line -n 3 '{"what":"removed","file":"b"}'
}

# It may not watch the folder yet.
touched() {
	echo >>in/there
	[ -s "$BATS_TEST_TMPDIR/sub.1.out" ]
}

removed() {
	grep -q '"removed","file":"b"' "$BATS_TEST_TMPDIR/sub.1.out"
}

# ---- call-lines.sh ----

@test "call-lines.sh calls for each line" {
	broker_start
	run -0 call-lines.sh wampd.echo <<<$'1\ntwo words\n"3"'
	assert_output $'[1]\n["two words"]\n["3"]'
	NO_COLOR=1 run -0 on_terminal 'seq 2 | call-lines.sh wampd.echo'
	assert_output $'[1]\r\n[2]\r'
}

@test "call-lines.sh goes on after a call that fails" {
	broker_start
	run -1 --separate-stderr call-lines.sh wampd.kick <<<$'a\nb'
	assert_output $'null\nnull'
	# shellcheck disable=SC2154	# bats sets it
	[ "${#stderr_lines[@]}" -ge 2 ]
}

# ---- alarm.sh ----

@test "alarm.sh sounds once a silence" {
	broker_start
	pipeline_start alarm.sh jobs 0.2 bash -c 'echo silent >>alarms'
	wait_until has alarms silent
	wait_until subscriptions_are 1
	wamp-pub jobs '"alive"'
	wait_until has alarms $'silent\nsilent'
}

@test "alarm.sh sounds when nobody watches any more" {
	run -5 alarm.sh jobs 60 touch alarm
	[ -e alarm ]
}

# ---- ship-lines.sh ----

@test "ship-lines.sh publishes what was added, once" {
	broker_start
	sub_start -C 4 news
	printf '1\n2\n' >log
	ship-lines.sh log news
	ship-lines.sh log news
	printf '3\nno JSON\n4\n5' >>log
	run -1 ship-lines.sh log news
	assert_output --partial 'line 4: invalid JSON'
	run -0 sub_wait
	assert_output $'1\n2\n3\n4'
	run -0 cat log.next
	assert_output 6
}

@test "ship-lines.sh goes on with what the broker has not had" {
	echo 1 >log
	run -5 ship-lines.sh log news
	assert_output --partial 'cannot connect'
	broker_start
	sub_start -C 2 news
	echo 2 >>log
	ship-lines.sh log news
	run -0 sub_wait
	assert_output $'1\n2'
}

@test "ship-lines.sh does not send twice what was refused" {
	printf 'news: { channel: news, handler: { callback: n } }\n' >routes.yml
	broker_start -r routes.yml
	echo 1 >log
	run -3 ship-lines.sh log other
	assert_output --partial 'no route'
	run -0 ship-lines.sh log other
}

@test "ship-lines.sh goes on where wamp-pub says" {
	mkdir bin
	cat >bin/wamp-pub <<-'EOT'
		#!/bin/sh
		echo "$4" >>from
		echo 'wamp-pub: connection lost: the broker closed it' \
		    "(2 of 3 events acknowledged; continue with" \
		    "--from-line 3)" >&2
		exit 6
	EOT
	chmod +x bin/wamp-pub
	printf '1\n2\n3\n' >log
	PATH=$PWD/bin:$PATH run -6 ship-lines.sh log news
	PATH=$PWD/bin:$PATH run -6 ship-lines.sh log news
	run -0 cat from
	assert_output $'1\n3'
}
