#!/usr/bin/env bats
# wampd(8): the keys of tickets: what they need, their defaults, and how errors
# in the files that they name are reported.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	umask 077
	echo 'T0pSecret' >secret
	unset ORO_SECRET CREDENTIALS_DIRECTORY
}

teardown() {
	test_end
}

# config TEXT...: write wampd.yml, one line an argument.
config() {
	printf '%s\n' "$@" >wampd.yml
}

# Both -t and a start fail, and say that; nobody sees the secret.
assert_fails() {
	run -1 timeout 30 wampd -t -c wampd.yml
	assert_output --partial "$1"
	refute_output --partial 'T0pSecret'
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	assert_output --partial "${2-$1}"
	refute_output --partial 'T0pSecret'
}

@test "tickets.oro: the shortest setup is valid, and -T hides the secret" {
	config 'tickets: { oro: { secret_file: secret } }'
	run -0 wampd -t -c wampd.yml
	run -0 wampd -T -c wampd.yml
	assert_output --partial "secret_file: '$PWD/secret'"
	refute_output --partial 'T0pSecret'
}

@test "tickets.oro.secret_file: a file that is missing is named" {
	config 'tickets: { oro: { secret_file: none } }'
	assert_fails 'tickets.oro.secret_file'
}

@test "tickets.oro.secret_file: Oro's rules for the secret hold" {
	echo 'T0pSecret{x}' >secret
	config 'tickets: { oro: { secret_file: secret } }'
	assert_fails 'tickets.oro.secret_file: Oro allows neither { nor } in it'
}

@test "tickets.oro: other keys need the secret" {
	echo '{}' >users.yml
	config 'tickets: { oro: { users: users.yml } }'
	assert_fails 'tickets.oro.secret_file: other keys of tickets.oro'
}

@test "tickets.oro.users: errors have their places" {
	printf '%s\n' 'admin:' '  password: T0pSecret' '  id: none' \
	    'bob: {}' >users.yml
	config 'tickets:' '  oro: { secret_file: secret, users: users.yml }'
	assert_fails 'users.yml:3:7: error: id:'
	assert_fails 'users.yml:4:1: error: a user needs a password'
}

@test "tickets.oro.secret_file: a credential is the default" {
	mkdir credentials
	mv secret credentials/oro-secret
	export CREDENTIALS_DIRECTORY=$PWD/credentials
	config 'handlers: {}'
	run -0 wampd -T -c wampd.yml
	assert_output --partial "secret_file: '$PWD/credentials/oro-secret'"
	run -0 wampd -t -c wampd.yml
	rm credentials/oro-secret
	run -0 wampd -T -c wampd.yml
	refute_output --partial 'credentials'
}

@test "tickets.oro.command, cookie.command: -t looks for the programs" {
	mkdir etc
	cp secret etc
	echo 'exit 1' >etc/here
	chmod +x etc/here
	cat >etc/wampd.yml <<-'EOF2'
	tickets: { oro: { secret_file: secret, command: [./here] } }
	cookie:
	  name: SID
	  command: [no-such-program, x]
	EOF2
	run -0 wampd -t -c etc/wampd.yml
	assert_output --partial 'etc/wampd.yml:4:13: warning: cookie.command:'
	assert_output --partial 'no-such-program: No such file or directory'
	refute_output --partial 'tickets.oro.command'
}

@test "cookie: a name and a program need each other" {
	config 'cookie: { name: SID }'
	assert_fails 'cookie.command: cookie.name needs it'
	config 'cookie: { command: [cat] }'
	assert_fails 'cookie.name: cookie.command needs it'
}

@test "ORO_SECRET: a bad one is reported" {
	export ORO_SECRET='T0pSecret}'
	config 'handlers: {}'
	assert_fails 'ORO_SECRET: Oro allows neither' 'Oro allows neither'
}

@test "tickets.oro: wamp-pub publishes as Oro's back end, with its ticket" {
	local at

	config 'tickets: { oro: { secret_file: secret } }' \
	    'routes: [r.yml]' 'handlers: { news: { type: broadcast } }'
	echo 'news: { channel: news, handler: { callback: news } }' >r.yml
	broker_start -l 127.0.0.1:0 -c wampd.yml
	read -r _ at <"$PORTS"
	export ORO_WEBSOCKET_BACKEND_DSN="//$at/ws" WAMPD_CONTROL=''
	ORO_SECRET=T0pSecret run -0 wamp-pub news 1
	ORO_SECRET=other run -5 wamp-pub news 1
	assert_output --partial '403'
}

@test "-T prints where the programs run, so it means the same elsewhere" {
	mkdir -p site other
	echo secret >site/secret
	chmod 600 site/secret
	cat >site/wampd.yml <<-'END'
		tickets:
		  oro: { secret_file: secret, command: [php, users.php] }
		cookie: { name: SID, command: [php, s.php], cwd: ../other }
	END
	wampd -T -c site/wampd.yml >other/printed.yml
	run -0 grep -o "cwd: '[^']*'" other/printed.yml
	assert_output "cwd: '$PWD/site'"$'\n'"cwd: '$PWD/site/../other'"
	wampd -T -c other/printed.yml >again.yml
	diff other/printed.yml again.yml
	run -0 wampd -T
	assert_line --regexp '^ *cwd: .# '
}

@test "-t looks for a program where it would run" {
	mkdir -p site bin
	printf '#!/bin/sh\ncat\n' >bin/who
	chmod +x bin/who
	echo 'cookie: { name: SID, command: [./who], cwd: ../bin }' \
	    >site/wampd.yml
	run -0 wampd -t -c site/wampd.yml --control "$PWD/s"
	refute_output --partial 'cookie.command'
	echo 'cookie: { name: SID, command: [./who] }' >site/wampd.yml
	run wampd -t -c site/wampd.yml --control "$PWD/s"
	assert_output --partial 'cookie.command'
}
