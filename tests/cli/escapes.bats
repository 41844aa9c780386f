#!/usr/bin/env bats
# What a peer sends never reaches a log or a terminal as a control sequence.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	umask 077
	unset ORO_SECRET CREDENTIALS_DIRECTORY
	head -c 32 /dev/urandom | base64url >key
	printf '{"kty":"oct","alg":"HS256","k":"%s"}' "$(<key)" >jwk
	echo 'plain: { secret: s, user: ann }' >cra.yml
	cat >wampd.yml <<-'END'
	trusted_proxies: [127.0.0.1]
	tickets: { jwt: { keys: jwk, audience: here }, cookie: ticket }
	cra: { keys: cra.yml }
	anonymous: yes
	END
}

teardown() {
	test_end
}

base64url() {
	openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# ticket NAME: a JSON Web Token for that user, who has a role of that name:
# another issuer than wamp-ticket may let such names in.
ticket() {
	local text

	text=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(jq -nc \
	    --arg n "$1" '{sub: $n, name: $n, roles: [$n], aud: "here",
	    exp: (now + 600 | floor)}' | base64url)
	printf '%s.%s\n' "$text" "$(printf %s "$text" |
	    openssl dgst -sha256 -binary -mac hmac -macopt "hexkey:$(
	    tr -- '-_' '+/' <key | sed 's/$/=/' | openssl base64 -d -A |
	    od -An -v -tx1 | tr -d ' \n')" | base64url)"
}

# A title for the terminal, a colour, a bell, DEL; what begins a colour as one
# character of Unicode, and as one of Latin-1, which is no UTF-8.
EVIL=$'\e]0;EVIL\a\e[31mEVIL\x7f'
EVIL_C1=$'\u009b31mEVIL'
EVIL_BYTES=$'\x9b31mEVIL\xff'

# request LINE...: a request with these lines beside what each has, on a
# connection of its own; returns when the broker has answered it.
request() {
	local port=${WS_URL##*:} fd

	exec {fd}<>"/dev/tcp/127.0.0.1/${port%/}"
	{
		printf '%s\r\n' "$@" 'Connection: Upgrade' \
		    'Upgrade: websocket' 'Sec-WebSocket-Version: 13' \
		    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' ''
	} >&"$fd"
	head -c 12 <&"$fd"
	exec {fd}>&-
}

# No byte below a blank but line ends, no DEL, no C1, in what that file has.
assert_printable() {
	[ -s "$1" ]
	run ! env LC_ALL=C grep -aPn '[\x00-\x09\x0b-\x1f\x7f]' "$1"
	run ! env LC_ALL=C grep -aPn '\xc2[\x80-\x9f]' "$1"
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
}

# hostile_peers TEXT: in each place of a request.
hostile_peers() {
	local field

	for field in "Origin: $1" "Origin: http://$1" "Origin: $1.example.com" \
	    "X-Forwarded-For: $1" "Forwarded: for=$1" \
	    "Authorization: Bearer $1" "Cookie: ticket=$1" "$1: x" \
	    "Sec-WebSocket-Protocol: $1"; do
		request 'GET / HTTP/1.1' 'Host: localhost' "$field"
	done
	request 'GET / HTTP/1.1' "Host: $1"
	request "GET /?ticket=$1 HTTP/1.1" 'Host: localhost'
	request "GET /$1 HTTP/1.1" 'Host: localhost'
	request "$1 / HTTP/1.1" 'Host: localhost'
	request 'GET /?ticket=%1b%5b31mEVIL%07 HTTP/1.1' 'Host: localhost'
}

# Users whose names and roles are like that, topics, and keys of WAMP-CRA.
hostile_names() {
	local name

	echo s >secret
	for name in "$EVIL" "$EVIL_C1"; do
		ticket "$name" >token
		run wamp-call -u "$WS_URL" --ticket-file token "$name" x
		run wamp-pub -u "$WS_URL" --ticket-file token "$name" 1
		WAMP_CRA_SECRET_FILE=secret run ! wamp-call -u "$WS_URL" \
		    --cra-user "$name" wampd.echo x
	done
}

@test "no log has a control sequence, in any format" {
	local evil format

	for format in text logfmt json; do
		for evil in "$EVIL" "$EVIL_C1" "$EVIL_BYTES"; do
			rm -f "$BROKER_LOG"
			broker_start -c wampd.yml -v --log-format "$format"
			# Names first: of many refusals, few are logged.
			hostile_names
			hostile_peers "$evil" >/dev/null
			broker_stop
			# What was to be seen is there, in another form.
			grep -q EVIL "$BROKER_LOG"
			assert_printable "$BROKER_LOG"
		done
	done
}

@test "no tool prints a control sequence of a peer to a terminal" {
	local command name

	broker_start -c wampd.yml
	for name in "$EVIL" "$EVIL_C1"; do
		ticket "$name" >token
		for command in 'wamp-ticket show token' \
		    'wamp-ticket verify -k jwk --audience here token' \
		    "wamp-call -u $WS_URL --ticket-file token wampd.echo"; do
			on_terminal "$command" | tr -d '\r' >shown || true
			assert_printable shown
		done
		on_terminal 'wamp-ticket show token' >shown
		grep -q EVIL shown
	done
}
