#!/usr/bin/env bats
# wampd(8), Confinement: what a running broker gives up, and its secrets.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

config() {
	printf '%s\n' "$@" >wampd.yml
}

# status NAME [PROCESS]: a line of what the kernel knows of it.
status() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/${2:-$BROKER_PID}/status"
}

# A sanitizer, and what counts lines for coverage, cannot be confined.
skip_if_unconfined() {
	broker_start
	[ "$(status Seccomp)" -eq 2 ] || skip 'this build is not confined'
	broker_stop
	rm -f "$BROKER_LOG"
}

@test "a broker that runs is confined, and says so" {
	skip_if_unconfined
	broker_start
	run -0 status NoNewPrivs
	assert_output 1
	run -0 grep -c 'info: confined: system calls' "$BROKER_LOG"
	assert_output 1
	assert_answers
}

@test "confine: no gives up nothing" {
	config 'confine: no'
	broker_start -c wampd.yml
	run -0 status Seccomp
	assert_output 0
	run -0 status NoNewPrivs
	assert_output 0
	run ! grep confined "$BROKER_LOG"
}

# A library that cannot be loaded.
without_library() {
	: >libseccomp.so.2
	export LD_LIBRARY_PATH=$PWD
}

@test "without the library, auto warns once, and yes does not start" {
	skip_if_unconfined
	without_library
	broker_start
	unset LD_LIBRARY_PATH
	run -0 grep -c 'warning: confine: .* need libseccomp' "$BROKER_LOG"
	assert_output 1
	assert_answers
	broker_stop
	config 'confine: yes'
	broker_start -c wampd.yml
	broker_stop
	without_library
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	assert_output --partial 'need libseccomp'
	refute_output --partial listening
}

@test "programs of handlers are not confined, jq programs are" {
	local worker

	skip_if_unconfined
	cat >routes.yml <<-'END'
	e: { channel: 'e', handler: { callback: e } }
	j: { channel: 'j', handler: { callback: j } }
	END
	config 'routes: [routes.yml]' 'handlers:' \
	    '  e: { type: exec, call: anyone, command: [./status] }' \
	    '  j: { type: jq, call: ".args[0] + 1" }'
	cat >status <<-'END'
	#!/bin/bash
	read -r line
	[[ $line =~ '"id":'([0-9]+) ]]
	now=$(grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status |
	    tr '\t\n' '= ')
	printf '{"id":%s,"result":"%s"}\n' "${BASH_REMATCH[1]}" "$now"
	END
	chmod 755 status
	broker_start -c wampd.yml
	run -0 wamp-call e
	assert_output '["NoNewPrivs:=0 Seccomp:=0 "]'
	run -0 wamp-call j 6
	assert_output '[7]'
	worker=$(pgrep -P "$BROKER_PID" -f '^wamp-jq-worker')
	run -0 status Seccomp "$worker"
	assert_output 2
}

@test "folders of state and lock file may still be written" {
	mkdir state locks
	config 'state_dir: state' 'maintenance: { lock_file: locks/lock }'
	broker_start -c wampd.yml
	wamp-maint on
	[ -e locks/lock ]
	run -0 jq -e '.[1].isOn' state/maintenance.json
	wamp-maint off
	[ ! -e locks/lock ]
}

@test "a secret forbids core dumps" {
	certificate both.pem
	chmod 600 both.pem
	broker_start
	run -0 prlimit --pid "$BROKER_PID" --core --noheadings -o SOFT,HARD
	before=$output
	broker_stop
	config 'tls: { cert: both.pem, key: both.pem }' \
	    'listen: ["tls:127.0.0.1:0"]'
	broker_run -c wampd.yml -S "$WAMPD_CONTROL"
	run -0 prlimit --pid "$BROKER_PID" --core --noheadings -o SOFT,HARD
	assert_output --regexp '^ *0 +0$'
	# Where the shell has none anyway, there is nothing to see.
	echo "# without a secret: $before"
	run ! grep 'all users may read it' "$BROKER_LOG"
}

@test "a secret that all may read is a warning" {
	certificate both.pem
	chmod 644 both.pem
	config 'tls: { cert: both.pem, key: both.pem }' \
	    'listen: ["tls:127.0.0.1:0"]'
	run -0 wampd -t -c wampd.yml
	assert_output 'wampd.yml:1:29: warning: tls.key: both.pem: all users'\
' may read it (chmod o-rwx) [not-secret]'
	broker_run -c wampd.yml -S "$WAMPD_CONTROL"
	run -0 grep -c 'tls.key: both.pem: all users may read' "$BROKER_LOG"
	assert_output 1
}
