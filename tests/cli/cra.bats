#!/usr/bin/env bats
# Login by WAMP-CRA: the tools against wampd, and the file with the keys.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	cat >keys.yml <<-'END'
		plain: { secret: 's3cret word', user: ann, roles: [ROLE_PUB] }
		salted:
		  derived: znWa4bxY1glpbQlZziHIlXA2shfF+HoCr9bnmZ5HPQg=
		  salt: RANDOM SALT
		  iterations: 1000
		  permissions: { pubsub: [{ uri: a, pub: true, sub: true }] }
	END
	echo 's3cret word' >plain
	echo secret >salted
	echo wrong >wrong
	cat >routing.yml <<-'END'
		a: { channel: a, handler: { callback: h } }
		b: { channel: b, handler: { callback: h } }
		c: { channel: c, handler: { callback: c } }
		m: { channel: oro/maintenance, handler: { callback: h } }
	END
	cat >wampd.yml <<-'END'
		cra: { keys: keys.yml, delay: 1ms }
		routes: [routing.yml]
		handlers:
		  h: { type: broadcast, subscribe: cra, publish: cra }
		  c: { type: jq, call: { who: 'user:ann', program: .args } }
	END
}

teardown() {
	test_end
}

# as KEY PROGRAM [ARGUMENT...]: the program logs in with that key.
as() {
	WAMP_CRA_SECRET_FILE=$1 "$2" -u "$WS_URL" --cra-user "$1" "${@:3}"
}

@test "each tool logs in, with a secret and with a derived key" {
	local key

	broker_start -c wampd.yml
	for key in plain salted; do
		WAMP_CRA_SECRET_FILE=$key sub_start -u "$WS_URL" \
		    --cra-user "$key" -C 1 a
		run -0 as "$key" wamp-pub a "\"$key\""
		run -0 sub_wait
		assert_output "\"$key\""
		run -0 as "$key" wamp-call wampd.echo "$key"
		assert_output "[\"$key\"]"
	done
	run -0 as plain wamp-maint on
	run -10 as plain wamp-maint status
	run -5 as wrong wamp-maint status
	run -0 wamp-call wampd.stats
	[ "$(jq .cra_logins <<<"$output")" -eq 8 ]
}

@test "a key's permissions restrict its user, and lists do" {
	broker_start -c wampd.yml
	run -0 as plain wamp-pub b 1
	run -3 as salted wamp-pub b 1
	assert_output 'wamp-pub: b: wampd.error.not_permitted: salted may not'\
' publish here'
	run -0 as plain wamp-call c 1
	assert_output '[1]'
	run -3 as salted wamp-call c 1
	assert_output --partial 'wampd.error.not_permitted'
}

@test "a login that fails says why" {
	broker_start -c wampd.yml
	WAMP_CRA_SECRET_FILE=wrong run -5 wamp-call -u "$WS_URL" \
	    --cra-user plain wampd.echo
	assert_output 'wamp-call: authentication as plain: '\
'http://api.wamp.ws/error#invalid-signature: signature for authentication '\
'request is invalid'
	run -5 as wrong wamp-call wampd.echo
	assert_output --partial "authentication key 'wrong' does not exist."
	run -3 wamp-call -u "$WS_URL" wampd.echo
	assert_output 'wamp-call: wampd.error.not_permitted: log in first'
	run -0 wamp-call wampd.stats
	[ "$(jq -c '[.cra_failed, .cra_logins]' <<<"$output")" = '[2,0]' ]
	run grep -c 's3cret\|znWa4' "$BROKER_LOG"
	assert_output 0
}

@test "without keys there is no such login" {
	broker_start
	run -5 as plain wamp-call wampd.echo
	assert_output --partial 'No RPC endpoint registered'
}

@test "a profile logs in" {
	broker_start -c wampd.yml
	mkdir -p "$XDG_CONFIG_HOME/wamp"
	cat >"$XDG_CONFIG_HOME/wamp/profiles.yml" <<-END
		p: { url: '$WS_URL', cra_user: plain,
		  cra_secret: 's3cret word' }
		s: { url: '$WS_URL', cra_user: salted,
		  cra_secret_file: $PWD/salted }
		x: { url: '$WS_URL', cra_user: salted,
		  cra_secret_file: $PWD/wrong }
	END
	unset WAMPD_CONTROL
	run -0 wamp-pub -P p a 1
	run -0 wamp-pub -P s a 1
	run -5 wamp-pub -P x a 1
	assert_output --partial 'invalid-signature'
}

@test "anonymous clients may stay if anonymous is yes" {
	echo 'anonymous: yes' >>wampd.yml
	broker_start -c wampd.yml
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
	run -3 wamp-pub -u "$WS_URL" a 1
	assert_output --partial 'anonymous may not publish here'
	run -0 as plain wamp-pub a 1
}

@test "wampd.sessions shows who has logged in" {
	broker_start -c wampd.yml
	WAMP_CRA_SECRET_FILE=plain sub_start -u "$WS_URL" --cra-user plain a
	run -0 wamp-call wampd.sessions
	[ "$(jq -r '.[] | select(.transport == "ws") | .principal' \
	    <<<"$output")" = ann ]
}

@test "-t and the start name the faults of the file with their places" {
	cat >keys.yml <<-'END'
		a: { secret: S3CRET, user: 'local:root' }
		b: S3CRET
	END
	run -1 wampd -t -c wampd.yml
	assert_line 'keys.yml:1:28: error: user: names of local users begin '\
'with "local:" [bad-value]'
	assert_line --partial 'keys.yml:2:4: error: the key "b" must be'
	refute_output --partial S3CRET
	run -1 wampd -c wampd.yml -S "$WAMPD_CONTROL"
	assert_line --partial 'keys.yml:1:28: error: user'
	refute_output --partial S3CRET
	rm keys.yml
	run -1 wampd -t -c wampd.yml
	assert_output --partial 'keys.yml: error: cannot open: No such file'
}

@test "-t warns if others may read the keys, -T does not print them" {
	chmod 644 keys.yml
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'keys.yml: warning: others may read or change '\
'the keys: chmod 640 [open-file]'
	run -0 wampd -T -c wampd.yml
	assert_output --partial "$PWD/keys.yml"
	refute_output --partial s3cret
	refute_output --partial znWa4
}
