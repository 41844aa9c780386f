#!/usr/bin/env bats
# wampd.yml(5): user and group, whom root becomes.

load helper

USER_ID=$(id -u nobody)
GROUP=$(id -gn nobody)
GROUP_ID=$(id -g nobody)

setup() {
	test_begin
	[ "$(id -u)" -eq 0 ] || skip 'only root can become another user'
	# Other users cannot enter the folders of bats.
	SITE=$(mktemp -d /tmp/wampd-user.XXXXXX)
	chmod 755 "$SITE"
	cd "$SITE" || return
	export WAMPD_CONTROL=$SITE/run/control.sock
	# shellcheck disable=SC2034	# broker_run does
	PORTS=$SITE/state/ports
	mkdir state
	chown nobody state
	config 'state_dir: state'
}

teardown() {
	test_end
	[ -z "${SITE-}" ] || rm -rf "$SITE"
}

# config LINE...: what wampd.yml says besides whom to become.
config() {
	printf '%s\n' 'user: nobody' "$@" >wampd.yml
}

# status NAME [PROCESS]: a line of what the kernel knows of it.
status() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/${2:-$BROKER_PID}/status"
}

# As a user who is in no other group.
as_nobody() {
	setpriv --reuid=nobody --regid="$GROUP" --clear-groups "$@"
}

assert_is_nobody() {
	run -0 status Uid "$1"
	assert_output "$(printf '%s\t%s\t%s\t%s' "$USER_ID" "$USER_ID" \
	    "$USER_ID" "$USER_ID")"
	run -0 status Gid "$1"
	assert_output "$(printf '%s\t%s\t%s\t%s' "$GROUP_ID" "$GROUP_ID" \
	    "$GROUP_ID" "$GROUP_ID")"
	run -0 status Groups "$1"
	[ "${output// /}" = "$GROUP_ID" ]
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		run -0 status "$set" "$1"
		assert_output 0000000000000000
	done
}

@test "root becomes the user, with no right left" {
	broker_start -c wampd.yml
	assert_is_nobody "$BROKER_PID"
	run -0 stat -c %U run run/control.sock run/control.sock.lock
	assert_output "$(printf '%s\n' nobody nobody nobody)"
	run -0 as_nobody "$BIN/wamp-call" wampd.help
	wamp-maint on
	run -0 stat -c %U state/maintenance.json
	assert_output nobody
	broker_stop
	run -0 ls run
	assert_output ''
}

# killed_start: kill -9, and start again.
killed_start() {
	broker_stop KILL || [ $? -eq 137 ]
	broker_start -c wampd.yml
}

# The log was replaced, and is small now.  A thread does that, after the answer.
log_is_replaced() {
	[ "$(wamp-call wampd.stats | jq .state_compactions)" -gt 0 ] &&
	    [ "$(stat -c %s state/events.log)" -lt 2000000 ]
}

@test "kept events are saved as that user, confined" {
	local large

	config 'state_dir: state' 'state: { sync: always }' \
	    "confine: $(is_sanitized && echo no || echo yes)"
	broker_start -c wampd.yml
	wamp-pub --retain a 1
	run -0 stat -c '%U %a' state/events.log
	assert_output 'nobody 600'
	killed_start
	wamp-pub --retain a 2
	# So large that the log is replaced.
	large=$(printf '"%0100000d"' 0)
	wamp-pub --retain --repeat 30 b "$large"
	wait_until log_is_replaced
	run -0 stat -c '%U %a' state/events.log
	assert_output 'nobody 600'
	killed_start
	run -0 wamp-sub -C 1 a
	assert_output 2
}

@test "group replaces the user's own" {
	config 'group: daemon' 'control: { group: adm }'
	broker_start -c wampd.yml
	run -0 status Gid
	assert_output "$(printf '%s\t%s\t%s\t%s' "$(id -g daemon)"{,,,})"
	run -0 stat -c %G run/control.sock
	assert_output adm
	run -0 stat -c %G run/control.sock.lock
	assert_output daemon
}

@test "a socket of WebSocket clients is the user's too" {
	config
	broker_run -c wampd.yml -l 127.0.0.1:0 -l "unix:$SITE/run/ws.sock" \
	    -S "$WAMPD_CONTROL"
	run -0 stat -c %U:%G run/ws.sock
	assert_output "nobody:$GROUP"
	broker_stop
	[ ! -e run/ws.sock ]
}

@test "what a broker that was killed left is no obstacle" {
	broker_start -c wampd.yml
	broker_stop KILL || [ $? -eq 137 ]
	broker_start -c wampd.yml
	wamp-call wampd.help
}

@test "programs of handlers run as the user, jq programs too" {
	local worker

	cat >routes.yml <<-'END'
	e: { channel: 'e', handler: { callback: e } }
	j: { channel: 'j', handler: { callback: j } }
	END
	config 'routes: [routes.yml]' 'handlers:' \
	    '  e: { type: exec, call: anyone, command: [./who] }' \
	    '  j: { type: jq, call: ".args[0] + 1" }'
	cat >./who <<-'END'
	#!/bin/sh
	read -r line
	id=${line#*'"id":'}
	id=${id%%[,\}]*}
	me=$(id -u) caps=$(sed -n 's/^CapBnd:.//p' /proc/self/status)
	printf '{"id":%s,"result":["%s","%s"]}\n' "$id" "$me" "$caps"
	END
	chmod 755 who
	broker_start -c wampd.yml
	run -0 wamp-call e
	assert_output "[\"$USER_ID\",\"0000000000000000\"]"
	run -0 wamp-call j 6
	assert_output "[7]"
	worker=$(pgrep -P "$BROKER_PID" -f '^wamp-jq-worker')
	assert_is_nobody "$worker"
}

# assert_fault WHERE TEXT: -t and the start find it, and leave nothing.
assert_fault() {
	run -1 wampd -t -l 127.0.0.1:0 -S "$WAMPD_CONTROL" -c wampd.yml
	assert_line --partial "wampd.yml:$1: error: $2"
	run -1 timeout 30 wampd -l 127.0.0.1:0 -S "$WAMPD_CONTROL" -c wampd.yml
	assert_line --partial "wampd.yml:$1: error: $2"
	[ ! -e run ]
}

@test "files that only root can read are errors with a remedy" {
	certificate both.pem
	chmod 600 both.pem
	config 'tls: { cert: both.pem, key: both.pem }' \
	    'listen: ["tls:127.0.0.1:0"]'
	run -1 wampd -t -S "$WAMPD_CONTROL" -c wampd.yml
	assert_line 'wampd.yml:2:14: error: tls.cert: both.pem: the user'\
' nobody cannot read it: Permission denied [cannot-read]'
	assert_line 'wampd.yml:2:29: error: tls.key: both.pem: the user'\
' nobody cannot read it: Permission denied [cannot-read]'
	assert_line --partial 'LoadCredential='
	run -1 timeout 30 wampd -S "$WAMPD_CONTROL" -c wampd.yml
	assert_line --partial 'tls.key: both.pem: the user nobody cannot read'
	chgrp "$GROUP" both.pem
	chmod 640 both.pem
	run -0 wampd -t -S "$WAMPD_CONTROL" -c wampd.yml
	broker_run -S "$WAMPD_CONTROL" -c wampd.yml
}

@test "routing files and handlers in a closed folder are errors" {
	mkdir -m 700 closed
	echo 'e: { channel: e, handler: { callback: e } }' >closed/routes.yml
	config 'routes: [closed/routes.yml]'
	assert_fault 2:10 'routes: closed/routes.yml: the user nobody cannot'
}

@test "folders that only root can write to are errors with a remedy" {
	chown root state
	mkdir locks
	config 'state_dir: state' 'maintenance: { lock_file: locks/lock }'
	assert_fault 2:12 \
	    'state_dir: the user nobody cannot write to state (chown, chmod)'
	assert_fault 3:27 'maintenance.lock_file: the user nobody cannot'
}

@test "a control socket that could not be removed is an error" {
	config
	run -1 wampd -t -l 127.0.0.1:0 -S "$SITE/control.sock" -c wampd.yml
	assert_line --partial 'control.path: the user nobody cannot write to'
	run -1 timeout 30 wampd -l 127.0.0.1:0 -S "$SITE/control.sock" \
	    -c wampd.yml
	assert_line --partial 'control.path: the user nobody cannot write to'
	[ ! -e control.sock ]
}

@test "only root can become another user" {
	cp "$BIN/wampd" .
	config 'control: { path: state/control.sock }'
	as_nobody ./wampd -t -l 127.0.0.1:0 -c wampd.yml
	sed -i s/nobody/daemon/ wampd.yml
	run -1 as_nobody ./wampd -t -l 127.0.0.1:0 -c wampd.yml
	assert_line 'wampd.yml:1:7: error: user: only root can become the'\
' user daemon [cannot-change-user]'
	run -1 as_nobody timeout 30 ./wampd -l 127.0.0.1:0 -c wampd.yml
	assert_line --partial 'only root can become the user daemon'
}

@test "a user that does not exist, or is root, is an error" {
	echo 'user: no-such-user' >wampd.yml
	run -1 wampd -t -c wampd.yml
	assert_line --partial 'user: there is no user "no-such-user"'
	echo 'user: root' >wampd.yml
	run -1 wampd -t -c wampd.yml
	assert_line --partial 'user: root has all rights: name another user'
	echo 'group: daemon' >wampd.yml
	run -1 wampd -t -c wampd.yml
	assert_line --partial 'wampd.yml:1:8: error: group: it needs user'
}

@test "a reload reads files of keys as that user" {
	echo 'ann: { secret: one }' >keys.yml
	chown nobody keys.yml
	chmod 600 keys.yml
	config 'cra: { keys: keys.yml }'
	broker_run -c wampd.yml
	echo 'ben: { secret: two }' >keys.yml
	run -0 wamp-call wampd.reload
	run -0 wamp-call wampd.may '{"key":"ben"}' subscribe a
	rm keys.yml
	(umask 077 && echo 'eve: { secret: two }' >keys.yml)
	run -3 wamp-call wampd.reload
	assert_output --partial keys.yml
	assert_output --partial 'Permission denied'
}
