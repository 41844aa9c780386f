#!/usr/bin/env bats
# wamp-profiles(5): named servers, and what counts before what.

load helper
load fake_server

setup() {
	test_begin
	unset WAMPD_CONTROL
	PROFILES=$XDG_CONFIG_HOME/wamp/profiles.yml
	mkdir "$XDG_CONFIG_HOME/wamp"
}

teardown() {
	fake_end
	test_end
}

# one ARGUMENT...: a call that the fake "relay" answers.
one() {
	run -0 wamp-call "$@" app.one
	assert_output 1
}

# faulty PLACE TEXT: the profile "p" of the file on stdin is wrong there.
faulty() {
	cat >"$PROFILES"
	run -1 wamp-call -P p x
	assert_output --partial "wamp-call: $PROFILES:$1: $2"
	[ "${#lines[@]}" -eq 1 ]
}

@test "a profile names the server and how to get in" {
	fake_start relay
	cat >"$PROFILES" <<-END
		other: { url: 'ws://127.0.0.1:1' }
		p:
		  url: ${FAKE}ws
		  origin: http://o.example
		  headers: ['X-A: b', 'X-B: c']
		  ticket_file: ticket
		  timeout: 20s
	END
	echo t1 >"$XDG_CONFIG_HOME/wamp/ticket"
	cd /
	one -P p
	run -0 fake_head
	assert_line 'GET /ws?ticket=t1 HTTP/1.1'
	assert_line 'Origin: http://o.example'
	assert_line 'X-A: b'
	assert_line 'X-B: c'
	WAMP_PROFILE=p one
	WAMP_PROFILE=other one --profile p
}

@test "options count before the environment, and that before the profile" {
	fake_start relay
	cat >"$PROFILES" <<-END
		p: { url: '$FAKE', ticket: of-profile, origin: of-profile }
	END
	chmod 600 "$PROFILES"
	export WAMP_PROFILE=p
	one
	run -0 fake_head
	assert_line 'GET /?ticket=of-profile HTTP/1.1'
	WAMP_TICKET=of-environment one
	run -0 fake_head
	assert_line 'GET /?ticket=of-environment HTTP/1.1'
	assert_line 'Origin: of-profile'
	echo of-option >"$BATS_TEST_TMPDIR/ticket"
	WAMP_TICKET=of-environment one --origin of-option \
	    --ticket-file "$BATS_TEST_TMPDIR/ticket"
	run -0 fake_head
	assert_line 'GET /?ticket=of-option HTTP/1.1'
	assert_line 'Origin: of-option'
	WAMP_URL=ws://127.0.0.1:1 run -5 wamp-call x
	WAMP_URL=ws://127.0.0.1:1 one -u "$FAKE"
	WAMPD_CONTROL=$BATS_TEST_TMPDIR/none run -5 wamp-call x
	assert_output --partial 'is wampd running'
}

@test "a profile's secrets are for its own server" {
	fake_start relay
	echo 'p: { url: "ws://127.0.0.1:1", ticket: secret, origin: o }' \
	    >"$PROFILES"
	chmod 600 "$PROFILES"
	one -P p -u "$FAKE"
	run -0 fake_head
	assert_line 'GET / HTTP/1.1'
	refute_output --partial Origin
	echo 'p: { ticket: shared }' >"$PROFILES"
	one -P p -u "$FAKE"
	run -0 fake_head
	assert_line 'GET /?ticket=shared HTTP/1.1'
}

@test "a control socket beside the file" {
	export WAMPD_CONTROL=$XDG_CONFIG_HOME/wamp/control.sock
	broker_start
	unset WAMPD_CONTROL
	echo 'p: { control: control.sock }' >"$PROFILES"
	run -0 wamp-call -P p wampd.echo 1
	assert_output '[1]'
}

@test "a timeout of the profile, and of the environment before it" {
	fake_start silent
	echo "p: { url: '$FAKE', timeout: 100ms }" >"$PROFILES"
	run -4 timeout 30 wamp-call -P p x
	echo "p: { url: '$FAKE', timeout: 1h }" >"$PROFILES"
	WAMP_TIMEOUT=100ms run -4 timeout 30 wamp-call -P p x
}

@test "secrets that others can read are a warning" {
	fake_start relay
	echo "p: { url: '$FAKE', ticket: t }" >"$PROFILES"
	chmod 644 "$PROFILES"
	run -0 wamp-call -P p app.one
	assert_line --partial 'warning: '"$PROFILES"' holds a secret'
	chmod 600 "$PROFILES"
	one -P p
	echo "p: { url: '$FAKE', headers: ['cookie: c'] }" >"$PROFILES"
	chmod 644 "$PROFILES"
	run -0 wamp-call -P p app.one
	assert_line --partial 'holds a secret'
	echo "p: { url: '$FAKE', origin: o, headers: ['X: y'] }" >"$PROFILES"
	chmod 644 "$PROFILES"
	one -P p
}

@test "faults have their place" {
	faulty 1:6 'unknown key "uri"' <<<'p: { uri: ws://h }'
	faulty 1:18 'insecure must be true or false' <<<'p: {   insecure: 2 }'
	faulty 2:12 '"soon" is not a duration' <<<$'p:\n  timeout: soon'
	faulty 2:8 'url is empty' <<<$'p:\n  url: ""'
	faulty 1:14 'headers must be a list' <<<'p: {headers: a}'
	faulty 1:4 'a profile must be a mapping' <<<'p: ws://h'
	faulty 1:4 'url and control exclude' <<<'p: {url: a, control: b}'
	faulty 2:1 'the key "p"' <<<$'p: {}\np: {}'
}

@test "a profile that is not there" {
	run -1 wamp-call -P p x
	assert_output --partial "$PROFILES: "
	echo 'p: {}' >"$PROFILES"
	run -2 wamp-call -P q x
	assert_output "wamp-call: $PROFILES: no profile \"q\""
}

@test "a profile's faults are those of the options" {
	echo 'p: { url: "http://h" }' >"$PROFILES"
	run -2 wamp-call -P p x
	assert_output --partial "the profile's url: URL \"http://h\""
	echo 'p: { url: "ws://h", headers: ["Host: x"] }' >"$PROFILES"
	run -2 wamp-call -P p x
	assert_output --partial 'Host is made by the handshake'
	echo 'p: { url: "wss://h", cacert: none.pem }' >"$PROFILES"
	run -1 wamp-call -P p x
	assert_output --partial "$XDG_CONFIG_HOME/wamp/none.pem: "
}

@test "no profile, no file is looked at" {
	mkdir "$PROFILES"
	export WAMPD_CONTROL=$BATS_TEST_TMPDIR/control.sock
	broker_start
	run -0 wamp-call wampd.echo 1
	run -1 wamp-call -P p wampd.echo 1
}

# ---- the default ----

@test "the file's default counts when nothing else names a server" {
	fake_start relay
	printf '%s\n' "p: { url: '$FAKE', origin: of-p }" \
	    'q: { url: "ws://127.0.0.1:1" }' 'default: p' >"$PROFILES"
	one
	run -0 fake_head
	assert_line 'Origin: of-p'
	# It comes before Oro's DSN, and after all that is said.
	ORO_WEBSOCKET_BACKEND_DSN=//127.0.0.1:1 one
	run -5 wamp-call -P q x
	WAMP_PROFILE=q run -5 wamp-call x
	WAMP_URL=ws://127.0.0.1:1 run -5 wamp-call x
	WAMPD_CONTROL=$BATS_TEST_TMPDIR/none run -5 wamp-call x
	run -5 wamp-call -S "$BATS_TEST_TMPDIR/none" x
	assert_output --partial "$BATS_TEST_TMPDIR/none: "
	one -u "$FAKE"
	run -0 fake_head
	refute_output --partial of-p
	# "-" is no profile at all, and "default" is that one.
	ORO_WEBSOCKET_BACKEND_DSN=//127.0.0.1:1 run -5 wamp-call -P - x
	one -P default
}

@test "a default that cannot be is no other server" {
	echo 'default: nowhere' >"$PROFILES"
	run -1 wamp-call x
	assert_output "wamp-call: $PROFILES:1:10: default: no profile \
\"nowhere\""
	printf '%s\n' 'default: default' 'live: {}' >"$PROFILES"
	run -1 wamp-call x
	assert_output --partial ':1:10: default: no profile "default"'
	printf '%s\n' 'default: p' 'p: { uri: ws://h }' >"$PROFILES"
	run -1 wamp-call x
	assert_output --partial ':2:6: unknown key "uri"'
	echo 'p: [' >"$PROFILES"
	run -1 wamp-call x
	assert_output --partial "$PROFILES:"
	rm "$PROFILES"
	mkdir "$PROFILES"
	run -1 wamp-call x
	assert_output --partial "$PROFILES: "
}

@test "a profile of the name default is one like others" {
	fake_start relay
	echo "default: { url: '$FAKE' }" >"$PROFILES"
	one -P default
	WAMPD_CONTROL=$BATS_TEST_TMPDIR/none run -5 wamp-call x
	printf '%s\n' 'default:' "p: { url: '$FAKE' }" >"$PROFILES"
	one -P p
	run -2 wamp-call -P default x
	assert_output --partial 'no profile "default"'
}

# ---- all of them ----

@test "--profiles lists them, with their place, and calls nothing" {
	cat >"$PROFILES" <<-END
		# mine
		default: live
		live:
		  url: wss://example.com/ws
		here: { control: control.sock }
	END
	run -0 --separate-stderr wamp-call --profiles
	[ -z "$stderr" ]
	assert_output "[{\"profile\":\"live\",\"default\":true,\
\"server\":\"wss://example.com/ws\",\"file\":\"$PROFILES\",\"line\":3,\
\"faults\":[]},{\"profile\":\"here\",\"default\":false,\
\"server\":\"$XDG_CONFIG_HOME/wamp/control.sock\",\"file\":\"$PROFILES\",\
\"line\":5,\"faults\":[]}]"
	run -0 wamp-call --table -e 'map({profile, default})' --profiles
	assert_output $'PROFILE  DEFAULT\nlive     true\nhere     false'
	run -2 wamp-call --profiles x
	assert_output 'wamp-call: --profiles takes no PROCEDURE'
	rm "$PROFILES"
	run -0 wamp-call --profiles
	assert_output '[]'
}

# faults PROFILE: what --profiles has against it.
faults() {
	wamp-call -q --profiles | jq -r --arg p "$1" \
	    '.[] | select(.profile == $p) | .faults[]'
}

@test "--profiles tells all faults of all profiles" {
	mkfifo "$XDG_CONFIG_HOME/wamp/pipe"
	cat >"$PROFILES" <<-END
		a: { uri: x, timeout: soon }
		b: { url: 'http://h' }
		c: { url: 'wss://h', cacert: none.pem }
		d: { url: 'ws://h', ticket_file: none }
		e: { url: 'ws://h', cra_user: u }
		f: { url: 'ws://h', headers: ['Host: x'] }
		g: ws://h
		h: { url: 'ws://h', ticket_file: pipe, cra_user: u,
		  cra_secret_file: pipe }
	END
	run -1 --separate-stderr wamp-call --profiles
	[ "$(jq length <<<"$output")" -eq 8 ]
	[ "$stderr" = 'wamp-call: 7 profiles cannot be used' ]
	run faults a
	assert_line --index 0 --partial '1:6: unknown key "uri"'
	assert_line --index 1 --partial '1:23: "soon" is not a duration'
	run faults b
	assert_output --partial 'URL "http://h"'
	run faults c
	assert_output --partial "$XDG_CONFIG_HOME/wamp/none.pem: "
	run faults d
	assert_output --partial "$XDG_CONFIG_HOME/wamp/none: "
	run faults e
	assert_output --partial 'WAMP-CRA as u needs'
	run faults f
	assert_output --partial 'Host is made by the handshake'
	run faults g
	assert_output --partial '7:4: a profile must be a mapping'
	run faults h
	refute_output
	echo 'default: x' >>"$PROFILES"
	run -1 wamp-call --profiles
	assert_line --partial "$PROFILES:10:10: default: no profile \"x\""
	assert_line --partial '"profile":"h"'
	echo '[' >"$PROFILES"
	run -1 wamp-call --profiles
	assert_line --partial "wamp-call: $PROFILES:"
}

@test "--profiles shows no secret" {
	cat >"$PROFILES" <<-END
		a: { url: 'wss://u:sesame@h/ws?ticket=sesame', ticket: sesame }
		b: { url: 'ws://h/?sesame', headers: ['Cookie: sesame', 'x'] }
		c: { url: 'ws://h', cra_user: u, cra_secret: sesame }
		d: { url: 'ws:/sesame@', ticket: [sesame],
		  cra_secret: {sesame: 1} }
		e: { url: 'ws://h', ticket_file: f, headers: [sesame] }
	END
	echo sesame >"$XDG_CONFIG_HOME/wamp/f"
	chmod 644 "$PROFILES"
	run -1 wamp-call --profiles
	refute_output --partial sesame
	run faults c
	assert_output --partial 'warning: '
	chmod 600 "$PROFILES"
	run faults c
	refute_output
}
