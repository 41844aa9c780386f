#!/usr/bin/env bats
# wampd.yml(5), "Sessions after a reload": who clients are, when the files that
# say so change.  The broker is confined, as it is by default.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	unset ORO_SECRET CREDENTIALS_DIRECTORY
	cat >routes.yml <<-'END'
	a: { channel: a, handler: a }
	b: { channel: b, handler: b }
	END
	cat >base.yml <<-'END'
	routes: [routes.yml]
	handlers:
	  a: { type: broadcast, subscribe: authenticated, publish: local }
	  b: { type: broadcast, subscribe: 'role:R', publish: local }
	END
}

teardown() {
	test_end
}

# config LINE...: write wampd.yml, with these lines.
config() {
	{
		cat base.yml
		printf '%s\n' "$@"
	} >wampd.yml
}

# reload: what has changed takes effect.
reload() {
	wamp-call wampd.reload >/dev/null
}

# counted NAME: that counter of the broker.
counted() {
	wamp-call -e ".$1" wampd.stats
}

is_counted() {
	[ "$(counted "$1")" = "$2" ]
}

# as KEY PROGRAM [ARGUMENT...]: the program logs in with that key.
as() {
	WAMP_CRA_SECRET_FILE=$1 "$2" -u "$WS_URL" --cra-user "$1" "${@:3}"
}

keys() {
	printf '%s\n' "$@" >keys.yml
	echo one >ann
	echo two >ben
}

@test "keys of WAMP-CRA come and go" {
	config
	broker_start -c wampd.yml
	keys 'ann: { secret: one }' 'ben: { secret: two }'
	run -5 as ann wamp-call wampd.echo 1
	config 'cra: { keys: keys.yml, delay: 1ms }'
	run -0 reload
	run -0 as ann wamp-call wampd.echo 1
	run -0 as ben wamp-call wampd.echo 1
	keys 'ann: { secret: one }'
	run -0 reload
	run -0 as ann wamp-call wampd.echo 1
	run -5 as ben wamp-call wampd.echo 1
	config
	run -0 reload
	run -5 as ann wamp-call wampd.echo 1
}

@test "a session whose key was removed ends, one with a new role goes on" {
	keys 'ann: { secret: one, roles: R }' 'ben: { secret: two }'
	config 'cra: { keys: keys.yml, delay: 1ms }'
	broker_start -c wampd.yml
	WAMP_CRA_SECRET_FILE=ann sub_start -u "$WS_URL" --cra-user ann b
	WAMP_CRA_SECRET_FILE=ben sub_start -u "$WS_URL" --cra-user ben a
	keys 'ann: { secret: one }'
	run -0 reload
	wait_until is_counted sessions_revoked 1
	wait_until is_counted subscriptions_ended 1
	run -0 grep 'topic=b refused: after a reload, ann may not' \
	    "$BROKER_LOG"
	run -0 grep -c 'close code=1008' "$BROKER_LOG"
	assert_output 1
}

@test "a broken file of keys changes nothing, and its place is told" {
	keys 'ann: { secret: one }'
	config 'cra: { keys: keys.yml, delay: 1ms }'
	broker_start -c wampd.yml
	printf '%s\n' 'ann: { secret: new }' 'ben: { sekret: x }' >keys.yml
	run -3 reload
	assert_output --partial keys.yml:2:8
	run -0 as ann wamp-call wampd.echo 1
	run -0 grep 'error: keys.yml:2:8' "$BROKER_LOG"
	is_counted sessions_revoked 0
}

# issue NAME: a ticket of that user.
issue() {
	wamp-ticket issue -k key -n "$1" >ticket
}

@test "a ticket that was used is still used after a reload" {
	wamp-ticket key --output key >pub
	config 'tickets: { paseto: { keys: pub, once: yes } }'
	broker_start -c wampd.yml
	issue anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	run -0 reload
	run -5 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	is_counted refused_ticket_replayed 1
	issue anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	rm key
	wamp-ticket key --output key --key-id two >pub
	run -0 reload
	issue anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	echo nonsense >pub
	run -3 reload
	assert_output --partial 'wampd.yml:5:'
	assert_output --partial tickets.paseto.keys
	issue anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
}

# started N: so many programs that know users were started so far.
started() {
	run -0 grep -c 'lookup=tickets.oro.command started' "$BROKER_LOG"
	assert_output "$1"
}

# oro ARGUMENT...: Oro's tickets are checked with that command.
oro() {
	config 'tickets:' '  oro:' '    secret_file: secret' \
	    "    command: [sh, who.sh, $1]"
}

# knows NAME: whether a ticket of that user is accepted.
knows() {
	wamp-ticket issue --secret-file secret --hash-file digest -n "$1" \
	    >ticket 2>/dev/null &&
	    wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
}

@test "a program that knows users is set, goes on, and is replaced" {
	cat >who.sh <<-'END'
	echo $$ >pid
	while read -r line; do
		id=${line#*\"id\":} id=${id%%[,\}]*}
		echo "{\"id\":$id,\"user\":\"$1\",\"password\":\"p\"}"
	done
	END
	echo secret >secret
	printf p >digest
	config 'tickets: { oro: { secret_file: secret } }'
	broker_start -c wampd.yml
	run -5 knows eve
	oro eve
	run -0 reload
	run -0 knows eve
	started 1
	run -0 reload
	run -0 knows eve
	run -0 knows eva
	started 1
	oro fay
	run -0 reload
	run -0 knows eve
	started 2
	config 'tickets: { oro: { secret_file: secret } }'
	run -0 reload
	run -5 knows eve
	wait_until process_ended "$(cat pid)"
}

@test "users of Oro's tickets are those of the file, as it is now" {
	echo secret >secret
	printf p >digest
	echo 'eve: { password: p, roles: [R] }' >users.yml
	config 'tickets: { oro: { secret_file: secret, users: users.yml } }'
	broker_start -c wampd.yml
	run -5 knows fay
	run -0 knows eve
	sub_start -u "$WS_URL" --ticket-file ticket b
	printf '%s\n' 'fay: { password: p }' 'gus: {}' >users.yml
	run -3 reload
	assert_output --partial users.yml:2:1
	run -0 knows eve
	sed -i 2d users.yml
	run -0 reload
	wait_until is_counted sessions_revoked 1
	run -0 knows fay
	run -5 knows eve
}

@test "other origins count for the next client, also by a signal" {
	config 'origins: [one.example]' 'hosts: [127.0.0.1, localhost]'
	broker_start -c wampd.yml
	run -0 wamp-call -u "$WS_URL" --origin https://one.example wampd.echo
	run -5 wamp-call -u "$WS_URL" --origin https://two.example wampd.echo
	config 'origins: [two.example]' 'hosts: [127.0.0.1, localhost]'
	kill -HUP "$BROKER_PID"
	wait_until grep -q 'reloaded generation=2' "$BROKER_LOG"
	run -5 wamp-call -u "$WS_URL" --origin https://one.example wampd.echo
	run -0 wamp-call -u "$WS_URL" --origin https://two.example wampd.echo
}
