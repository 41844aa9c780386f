#!/usr/bin/env bats
# wampd(8) with PASETOs and JSON Web Tokens: who gets in, as whom, and why
# others do not.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	umask 077
	wamp-ticket key --output key >pub
	wamp-ticket key --purpose local --output local >/dev/null
}

teardown() {
	test_end
}

# config LINE...: start a broker with tickets of these lines, and with a
# procedure that tells who calls.
config() {
	echo 'who: { channel: who, handler: { callback: who } }' >routes.yml
	{
		echo 'routes: [routes.yml]'
		echo 'handlers:'
		echo '  who: { type: jq, call: ".session |'
		echo '    [.user, .user_id, .roles]" }'
		echo 'tickets:'
		printf '  %s\n' "$@"
	} >wampd.yml
	broker_start -c wampd.yml
}

# issue [OPTION...]: put a new ticket into the file "ticket".
issue() {
	wamp-ticket issue -k key "$@" >ticket
}

# Who the bearer of the ticket is.
principal() {
	wamp-call -u "$WS_URL" --ticket-file ticket who
}

# assert_refused CAUSE [REASON]: the ticket is refused, counted and logged.
assert_refused() {
	local before after

	before=$(wamp-call wampd.stats | jq ".refused_$1")
	run -5 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	assert_output --partial 403
	after=$(wamp-call wampd.stats | jq ".refused_$1")
	assert_equal "$after" $((before + 1))
	grep -q "refused status=403 cause=$1.*${2-}" "$BROKER_LOG"
}

@test "a PASETO says who its bearer is" {
	config 'paseto: { keys: [pub, local] }'
	issue -n anna --sub x --user-id 7 --role admin --role sales
	run -0 principal
	assert_output '["anna",7,["admin","sales"]]'
	issue --sub bob
	run -0 principal
	assert_output --partial '["bob",'
	wamp-ticket issue -k local -n carl >ticket
	run -0 principal
	assert_output --partial '["carl",'
}

@test "a PASETO may come in Authorization, or in a cookie" {
	config 'paseto: { keys: pub }' 'cookie: T'
	issue -n anna
	run -0 wamp-call -u "$WS_URL" who \
	    --header "Authorization: Bearer $(cat ticket)"
	assert_output --partial '["anna",'
	run -0 wamp-call -u "$WS_URL" --header "Cookie: T=$(cat ticket)" who
	assert_output --partial '["anna",'
	run -5 wamp-call -u "$WS_URL" who --header 'Authorization: Bearer x'
	assert_output --partial 403
}

@test "without a ticket, and with one that is wrong, nobody gets in" {
	config 'paseto: { keys: pub }'
	run -5 wamp-call -u "$WS_URL" wampd.echo
	assert_output --partial 401
	wamp-ticket key --output other >/dev/null
	wamp-ticket issue -k other -n anna >ticket
	assert_refused unknown_key 'its key is unknown'
	issue -n anna
	sed -i 's/^v4\.public\.eyJ./v4.public.eyJX/' ticket
	assert_refused wrong_ticket 'its signature is wrong'
	issue -n anna
	sed -i 's/$/=/' ticket
	assert_refused bad_ticket 'it is malformed'
	issue -n anna --forever
	assert_refused bad_ticket 'user=anna reason="it never expires"'
	issue -n anna --audience x
	assert_refused ticket_foreign 'it is for another audience'
	issue -n local:root
	assert_refused bad_ticket 'its name is that of a local user'
	printf a.b.c >ticket
	assert_refused bad_ticket 'no key of tickets accepts tickets of this'
}

@test "a ticket is valid for its time" {
	config 'paseto: { keys: pub }' 'leeway: 0'
	issue -n anna --for 1ms
	assert_refused ticket_expired 'user=anna reason="it is expired"'
	issue -n anna --for 1h
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
}

@test "leeway lets clocks differ, and require_exp: false tickets last" {
	config 'paseto: { keys: pub }' 'leeway: 1h' 'require_exp: false'
	issue -n anna --for 1ms
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	issue -n anna --forever
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
}

@test "audience and issuer" {
	config 'paseto: { keys: pub, audience: here, issuer: shop }'
	issue -n anna --audience here --issuer shop
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	issue -n anna --issuer shop
	assert_refused ticket_foreign 'it is for another audience'
	issue -n anna --audience here --issuer other
	assert_refused ticket_foreign 'it is from another issuer'
}

@test "a ticket that can be used once" {
	config 'paseto: { keys: pub, once: yes }'
	issue -n anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	assert_refused ticket_replayed user=anna
	issue -n anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	issue -n anna --for 2d
	assert_refused bad_ticket 'valid for more than a day'
}

@test "two keys at once, and a key that is gone" {
	wamp-ticket key --output key2 --key-id two >>pub
	config 'paseto: { keys: pub }'
	issue -n anna
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	wamp-ticket issue -k key2 -n anna >ticket
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	broker_stop TERM
	sed -i 1d pub
	broker_start -c wampd.yml
	run -0 wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo
	issue -n anna
	assert_refused unknown_key
}

@test "roles and kinds of tickets decide what may be published" {
	cat >routes.yml <<-'END'
		chat: { channel: chat, handler: { callback: chat } }
	END
	cat >handlers <<-'END'
		routes: [routes.yml]
		handlers:
		  chat: { type: broadcast, publish: ['role:author'] }
		tickets: { paseto: { keys: pub } }
	END
	broker_start -c handlers
	sub_start -C 1 chat
	issue -n anna
	run -3 wamp-pub -u "$WS_URL" --ticket-file ticket chat 1
	issue -n anna --role author
	run -0 wamp-pub -u "$WS_URL" --ticket-file ticket chat 2
	run -0 sub_wait
	assert_output 2
}

# ---- JSON Web Tokens ----

base64url() {
	base64 -w0 | tr '+/' -_ | tr -d =
}

# jwt HEAD CLAIMS KEY: sign with a key of Ed25519 or RSA in PEM.
jwt() {
	local text

	text=$(printf %s "$1" | base64url).$(printf %s "$2" | base64url)
	printf %s "$text" >signed
	if grep -q RS256 <<<"$1"; then
		openssl dgst -sha256 -sign "$3" signed
	else
		openssl pkeyutl -sign -rawin -inkey "$3" -in signed
	fi | base64url >signature
	echo "$text.$(cat signature)" >ticket
}

@test "JSON Web Tokens of a provider, with keys in PEM" {
	openssl genpkey -algorithm ed25519 -out ed.key
	openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 \
	    -out rsa.key 2>/dev/null
	openssl pkey -in ed.key -pubout >keys.pem
	openssl pkey -in rsa.key -pubout >>keys.pem
	config 'jwt: { keys: keys.pem, audience: wampd, issuer: idp }'
	jwt '{"alg":"EdDSA","typ":"JWT"}' '{"sub":"anna","aud":"wampd",
	    "iss":"idp","exp":4102444800,"user_id":7,"roles":["a"]}' ed.key
	run -0 principal
	assert_output '["anna",7,["a"]]'
	jwt '{"alg":"RS256","kid":"x"}' '{"sub":"bob","aud":["wampd","y"],
	    "iss":"idp","exp":4102444800}' rsa.key
	run -0 principal
	assert_output --partial '["bob",'
	jwt '{"alg":"RS256"}' '{"sub":"bob","aud":"y","iss":"idp",
	    "exp":4102444800}' rsa.key
	assert_refused ticket_foreign
	jwt '{"alg":"RS256"}' '{"sub":"bob","aud":"wampd","iss":"idp",
	    "exp":1}' rsa.key
	assert_refused ticket_expired user=bob
	echo "$(printf '{"alg":"none"}' | base64url).$(cut -d . -f 2 \
	    ticket)." >none
	mv none ticket
	assert_refused bad_ticket
	jwt '{"alg":"EdDSA"}' '{"sub":"eve","aud":"wampd","iss":"idp",
	    "exp":4102444800}' rsa.key || true
	assert_refused wrong_ticket
}

# ---- the configuration ----

# refuses LINE ERROR: -t and a start refuse the tickets of that line.
refuses() {
	printf 'tickets:\n  %s\n' "$1" >bad.yml
	run -1 timeout 30 wampd -t -c bad.yml
	assert_output --partial "$2"
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c bad.yml
	assert_output --partial "$2"
}

@test "errors name the key, the file and its line" {
	echo 'k4.public.x' >bad
	echo '{}' >jwk
	refuses 'paseto: { keys: bad }' "tickets.paseto.keys: bad:1: "
	refuses 'paseto: { keys: none }' \
	    "tickets.paseto.keys: none: cannot open"
	refuses 'paseto: { keys: key }' 'k4.secret is for whoever makes'
	refuses 'paseto: { once: yes }' \
	    'tickets.paseto.keys: other keys of this section need it'
	refuses 'jwt: { keys: jwk, audience: x }' 'no key in it can check'
	openssl genpkey -algorithm ed25519 | openssl pkey -pubout >pem
	refuses 'jwt: { keys: pem }' 'tickets.jwt.audience is missing'
	refuses 'jwt: { keys: pub, audience: x }' 'neither PEM nor JSON'
}

@test "a secret that everybody may read is a warning" {
	chmod 644 local
	printf 'tickets: { paseto: { keys: local } }\n' >wampd.yml
	run -0 wampd -t -c wampd.yml
	assert_output --partial \
	    'warning: local: other users may read'
	broker_start -c wampd.yml
	grep -q 'warning: local: other users may read' "$BROKER_LOG"
	run ! grep not-secret "$BROKER_LOG"
}

@test "a public key may be read by everybody" {
	chmod 644 pub
	printf 'tickets: { paseto: { keys: pub } }\n' >wampd.yml
	run -0 wampd -t -c wampd.yml
	assert_output ''
	broker_start -c wampd.yml
	run ! grep warning "$BROKER_LOG"
}

# ---- wampd.ticket.issue ----

# issued OPTIONS: call it, and put the ticket into the file.
issued() {
	wamp-call -r wampd.ticket.issue "$1" >ticket
}

@test "wampd.ticket.issue makes a PASETO that the broker accepts" {
	config 'paseto: { keys: pub, issue_key: key, audience: here }'
	issued '{"user":"anna","user_id":7,"roles":["a","b"],"for":"1h"}'
	run -0 principal
	assert_output '["anna",7,["a","b"]]'
	run -0 --separate-stderr wamp-ticket verify -k pub --audience here \
	    ticket
	run -0 jq '[.claims | .exp, .iat | sub("[.][0-9]*Z"; "Z") |
	    fromdate] | .[0] - .[1]' <<<"$output"
	assert_output 3600
	issued '{"user":"anna","aud":"other","for":90}'
	assert_refused ticket_foreign
}

@test "wampd.ticket.issue makes tickets of Oro" {
	echo s3cr3t >secret
	cat >users.yml <<-'END'
		admin: { password: $2y$13$abcdefghijklmnopqrstuv, id: 1 }
	END
	config 'oro: { secret_file: secret, users: users.yml }'
	issued '{"user":"admin","kind":"oro"}'
	run -0 principal
	assert_output --partial '["admin",1,'
	issued '{"kind":"oro"}'
	run -0 wamp-ticket verify -q --secret-file secret ticket
	run -3 wamp-call wampd.ticket.issue '{"user":"x","kind":"oro"}'
	assert_output --partial 'has no user of that name'
	run -3 wamp-call wampd.ticket.issue \
	    '{"user":"admin","kind":"oro","roles":[]}'
	assert_output --partial 'has a user only'
	run -3 wamp-call wampd.ticket.issue '{"user":"anna"}'
	assert_output --partial 'tickets.paseto.issue_key is not set'
}

@test "wampd.ticket.issue says what is wrong" {
	local options

	config 'paseto: { keys: pub, issue_key: key }'
	for options in '{}' '{"user":7}' '{"user":""}' '{"user":"a\tb"}' \
	    '{"user":"local:root"}' \
	    '{"user":"a","roles":"b"}' '{"user":"a","roles":[7]}' \
	    '{"user":"a","for":0}' '{"user":"a","for":"soon"}' \
	    '{"user":"a","for":1e30}' '{"user":"a","user_id":-1}' \
	    '{"user":"a","user_id":1.5}' '{"user":"a","kind":"jwt"}' \
	    '{"user":"a","more":1}' '{"user":"a","user":"b"}' 7 '"a"' '[]'
	do
		run -3 wamp-call wampd.ticket.issue "$options"
		refute_output --partial v4.public
	done
	run -3 wamp-call wampd.ticket.issue '{"user":"a","kind":"oro"}'
	assert_output --partial 'tickets.oro.secret_file is not set'
}

# Else any page could be anybody.
@test "wampd.ticket.issue is for local peers only" {
	config 'paseto: { keys: pub, issue_key: key }'
	issue -n anna --role admin
	run -3 wamp-call -u "$WS_URL" --ticket-file ticket \
	    wampd.ticket.issue '{"user":"root"}'
	assert_output --partial 'only local peers may call this'
}

@test "a key that makes no tickets is refused as issue_key" {
	refuses 'paseto: { keys: pub, issue_key: pub }' \
	    'tickets.paseto.issue_key: pub: no key in it makes tickets'
	refuses 'paseto: { issue_key: key }' \
	    'tickets.paseto.keys: other keys of this section need it'
}
