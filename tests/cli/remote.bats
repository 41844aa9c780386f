#!/usr/bin/env bats
# Where the tools connect to, and how they get there.

load helper
load fake_server

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

# one ARGUMENT...: a call that the fake "relay" answers.
one() {
	run -0 wamp-call "$@" app.one
	assert_output 1
}

teardown() {
	fake_end
	test_end
}

# ---- trying again ----

# A tool that tries again has said so on stderr before the server is there.
@test "--retry waits for a broker that is not there yet" {
	local err=$BATS_TEST_TMPDIR/err pid

	wamp-call --retry-delay 0 --retry-max-time 30 wampd.echo '"x"' \
	    >"$BATS_TEST_TMPDIR/out" 2>"$err" 3>&- &
	pid=$!
	wait_until grep -q 'is wampd running.*next try in' "$err"
	broker_start
	wait "$pid"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = '["x"]' ]
}

@test "--retry gives up after so many tries" {
	run -5 wamp-call --retry 2 --retry-delay 10ms x
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[1]} = *'next try in'* ]]
	[[ ${lines[2]} = *'is wampd running?)' ]]
}

# Its owner may write to a file by no rule but the owner's, and the superuser by
# a capability.
@test "who may not connect is told who may" {
	local may_not=()

	[ "$(id -u)" -ne 0 ] ||
		may_not=(setpriv --bounding-set -dac_override)
	broker_start
	chmod 060 "$WAMPD_CONTROL"
	run -5 "${may_not[@]}" wamp-call x
	assert_output --partial \
	    ": Permission denied (the group $(id -gn) may)"
	chmod 0 "$WAMPD_CONTROL"
	run -5 "${may_not[@]}" wamp-call x
	assert_output --regexp ': Permission denied$'
}

@test "--retry is silent with -q" {
	run -5 wamp-call -q --retry 2 --retry-delay 10ms x
	assert_output ''
}

@test "a server that refuses for good is not asked again" {
	fake_start http-403
	run -5 wamp-call -u "$FAKE" --retry 5 --retry-delay 10ms x
	assert_output --partial 'HTTP status 403'
	refute_output --partial 'next try'
}

@test "each refusal of the broker is one clear sentence" {
	local path header

	printf '%s\n' 'websocket: { paths: [/ws] }' 'limits: { head: 1KiB }' \
	    'require_subprotocol: true' >wampd.yml
	broker_start -c wampd.yml
	run -5 wamp-call -u "${WS_URL}other" x
	assert_output "wamp-call: ${WS_URL}other: HTTP status 404 Not Found: \
the server has no WebSocket at this path"
	run -5 wamp-call -u "${WS_URL}ws" --no-subprotocol x
	assert_output --partial ': HTTP status 400 Bad Request: the server rej'
	printf -v header 'X-A: %01000d' 0
	run -5 wamp-call -u "${WS_URL}ws" --header "$header" x
	assert_output --partial ': HTTP status 431 Request Header Fields Too '
	assert_output --partial ': the headers are too long for the server'
	printf -v path '%01030d' 0
	run -5 wamp-call -u "$WS_URL$path" x
	assert_output --partial ': the URL is too long for the server'
	run -0 wamp-call -u "${WS_URL}ws" wampd.echo
}

@test "a broker without room for a session says so" {
	echo 'limits: { sessions: 1 }' >wampd.yml
	broker_start -c wampd.yml
	sub_start -u "$WS_URL" x
	run -5 wamp-call -u "$WS_URL" x
	assert_output --partial ': HTTP status 503 Service Unavailable: the se'
	run -5 wamp-call -u "$WS_URL" --retry 1 --retry-delay 0 x
	assert_output --partial 'next try'
}

@test "--retry counts are checked" {
	run -2 wamp-call --retry -1 x
	assert_output --partial '--retry'
	run -2 wamp-call --retry-delay soon x
	assert_output --partial '--retry-delay'
}

# ---- what is sent ----

@test "a ticket becomes a parameter of the URL" {
	fake_start relay
	echo 'a+b/c=' >ticket
	one -u "${FAKE}ws?x=1" --ticket-file ticket
	run -0 fake_head
	assert_line 'GET /ws?x=1&ticket=a%2Bb%2Fc%3D HTTP/1.1'
}

@test "a ticket comes from the environment, and none is a choice" {
	fake_start relay
	echo from-file >ticket
	export WAMP_URL=$FAKE WAMP_TICKET_FILE=ticket
	one
	run -0 fake_head
	assert_line 'GET /?ticket=from-file HTTP/1.1'
	WAMP_TICKET=itself one
	run -0 fake_head
	assert_line 'GET /?ticket=itself HTTP/1.1'
	WAMP_TICKET=itself one --ticket-file -
	run -0 fake_head
	assert_line 'GET / HTTP/1.1'
}

@test "origin and headers are sent" {
	fake_start relay
	one -u "$FAKE" --origin https://o.example --header 'X-A: b c' \
	    --header 'x-b:d'
	run -0 fake_head
	assert_line 'Origin: https://o.example'
	assert_line 'X-A: b c'
	assert_line 'x-b: d'
}

@test "headers that would break the handshake are refused" {
	run -2 wamp-call -u ws://h --header $'A: b\r\nC: d' x
	assert_output 'wamp-call: --header: A: control characters in it'
	run -2 wamp-call -u ws://h --header 'Host: other' x
	assert_output --partial '--header: Host is made by the handshake'
	run -2 wamp-call -u ws://h --origin $'a\nb' x
	assert_output 'wamp-call: --origin: control characters in it'
}

@test "--no-subprotocol asks for none" {
	fake_start relay
	one -u "$FAKE"
	run -0 fake_head
	assert_line 'Sec-WebSocket-Protocol: wamp'
	fake_end
	fake_start no-protocol
	run -0 wamp-pub -u "$FAKE" --no-subprotocol topic 1
	run -0 fake_head
	refute_output --partial 'Sec-WebSocket-Protocol'
}

@test "a WebSocket over a Unix socket" {
	broker_run -l "unix:$BATS_TEST_TMPDIR/ws.sock" -S "$WAMPD_CONTROL"
	run -0 wamp-call -u "ws+unix://$BATS_TEST_TMPDIR/ws.sock:/" \
	    wampd.echo '"x"'
	assert_output '["x"]'
	run -5 wamp-call -u ws+unix:///nowhere:/ x
	assert_output --partial 'cannot connect: No such file'
}

@test "--trace shows both directions and no secret" {
	fake_start relay
	run -0 wamp-call --trace -u "$FAKE?ticket=secret1" \
	    --header 'Authorization: secret2' app.one
	assert_line '> GET /?ticket=... HTTP/1.1'
	assert_line '> Authorization: ...'
	assert_line '< HTTP/1.1 101 Switching Protocols'
	assert_line --regexp '^< \[0,'
	assert_line --regexp '^> \[2,"[^"]*","app.one"\]$'
	assert_line --regexp '^< \[3,"[^"]*",1\]$'
	refute_output --partial secret
}

@test "an error names no ticket of the URL" {
	run -5 wamp-call -u 'ws://127.0.0.1:1/?ticket=secret' x
	assert_output --partial 'ws://127.0.0.1:1/: cannot connect'
}

@test "no error shows what may be a secret of a URL or a header" {
	local url

	for url in 'ws://h/?ticket=SECRET#x' 'ws://u:SECRET@h/' \
	    'ws://u:SECRET/x@h/' 'http://h/?ticket=SECRET' \
	    'ws://127.0.0.1:1/?a@SECRET' 'h?SECRET'; do
		WAMP_URL=$url run ! wamp-call x
		refute_output --partial SECRET
		run ! wamp-pub --trace -u "$url" t 1
		refute_output --partial SECRET
		run ! wamp-bench pub -u "$url"
		refute_output --partial SECRET
	done
	ORO_WEBSOCKET_BACKEND_DSN='//u:SECRET@h:1' WAMPD_CONTROL='' \
	    run ! wamp-call x
	refute_output --partial SECRET
	run -2 wamp-call -u ws://127.0.0.1:1 --header 'Bearer SECRET' x
	assert_output --partial 'Name: value'
	refute_output --partial SECRET
}

@test "--trace shows no header by which one gets in" {
	fake_start relay
	run -0 wamp-call --trace -u "$FAKE" --header 'X-Api-Key: SECRET' \
	    --header 'X-Auth-Token: SECRET' --header 'X-Name: me' app.one
	assert_line '> X-Api-Key: ...'
	assert_line '> X-Auth-Token: ...'
	assert_line '> X-Name: me'
	refute_output --partial SECRET
}

@test "ps shows neither a ticket nor a header by which one gets in" {
	local args

	broker_start
	wamp-sub -u "$WS_URL?ticket=SECRET1" --header 'Cookie: SECRET2' \
	    --header=X-Name:me --ready-file ready t 3>&- &
	wait_until test -e ready
	args=$(tr '\0' '\n' <"/proc/$!/cmdline")
	kill $!
	[[ $args == *"$WS_URL"* && $args == *Cookie:* && $args == *Name:me* ]]
	[[ $args != *SECRET* ]]
}

# ---- logging in ----

@test "WAMP-CRA with a salted secret" {
	fake_start cra
	echo secret >key
	export WAMP_CRA_SECRET_FILE=key
	run -0 wamp-call -u "$FAKE" --cra-user me x
	assert_output '"welcome"'
	run -0 fake_heard
	assert_line --partial 'procedure#authreq","me",{}]'
	WAMP_CRA_USER=me run -0 wamp-call --trace -u "$FAKE" x
	assert_line --regexp '^> .*"x"\]$'
	refute_output --partial 'procedure#auth'
}

@test "a login that is refused" {
	fake_start cra
	echo wrong >key
	WAMP_CRA_SECRET_FILE=key run -5 wamp-call -u "$FAKE" --cra-user me x
	assert_output --partial 'wamp-call: authentication as me: '
	assert_output --partial 'wrong signature'
	run -2 wamp-call -u "$FAKE" --cra-user me x
	assert_output --partial 'WAMP_CRA_SECRET_FILE'
	fake_end
	fake_start oro-403
	run -5 wamp-call -u "$FAKE" x
	assert_output --partial 'authentication refused: HTTP/1.0 403 Forbidden'
}

# ---- on an Oro host ----

@test "an Oro host needs no options" {
	fake_start relay
	unset WAMPD_CONTROL
	export ORO_WEBSOCKET_BACKEND_DSN="tcp:${FAKE#ws:}ws?user_agent=Oro/5"
	export ORO_SECRET=ThisTokenIsNotSoSecretChangeIt
	one
	run -0 fake_head
	assert_line 'Origin: 127.0.0.1'
	assert_line 'User-Agent: Oro/5'
	assert_line --regexp '^GET /ws\?ticket=[A-Za-z0-9%]{170,} HTTP'
	cp "$BATS_TEST_TMPDIR/fake.ready.head" first
	one
	run ! grep -qxf <(head -n 1 first) "$BATS_TEST_TMPDIR/fake.ready.head"
}

@test "Oro's address comes last, and its faults are named" {
	export ORO_WEBSOCKET_BACKEND_DSN='//*:port'
	broker_start
	run -0 wamp-call wampd.echo 1
	unset WAMPD_CONTROL
	run -2 wamp-call wampd.echo 1
	assert_output --partial 'wamp-call: ORO_WEBSOCKET_BACKEND_DSN: port: '
}

# ---- TLS ----

# A CA, and a certificate of it for this machine: ca.pem, server.pem.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -subj /CN=CA -nodes -days 2 -keyout ca.key -out ca.pem 2>/dev/null
	issue server 2 IP:127.0.0.1
}

# issue NAME DAYS SUBJECT: a certificate with its key in NAME.pem.
issue() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days "$2" \
	    -extfile <(echo "subjectAltName=$3") -out "$1.crt" 2>/dev/null
	cat "$1.crt" "$1.key" >"$1.pem"
}

# untrusted REASON: what a server with server.pem is told.
untrusted() {
	FAKE_TLS=server.pem fake_start relay
	run -5 wamp-call -u "$FAKE" --cacert ca.pem x
	assert_output --partial "certificate is not trusted: $1"
	one -u "$FAKE" --insecure
}

@test "a CA of one's own" {
	make_ca
	FAKE_TLS=server.pem fake_start relay
	one -u "$FAKE" --cacert ca.pem
	run -5 wamp-call -u "$FAKE" x
	assert_output --partial 'not trusted: its CA is unknown'
}

@test "a certificate that has expired" {
	make_ca
	certificate_expired server.csr ca.pem ca.key \
	    -extfile <(echo subjectAltName=IP:127.0.0.1) >server.crt
	cat server.crt server.key >server.pem
	untrusted 'it has expired'
}

@test "a certificate of another host" {
	make_ca
	issue server 2 DNS:other.example
	untrusted 'it is for another'
}

@test "a certificate of the client's" {
	make_ca
	issue me 2 DNS:me
	FAKE_TLS=server.pem FAKE_TLS_CA=ca.pem fake_start relay
	one -u "$FAKE" --cacert ca.pem --cert me.pem
	one -u "$FAKE" --cacert ca.pem --cert me.crt --key me.key
	run -5 wamp-call -u "$FAKE" --cacert ca.pem x
}

@test "files of certificates that are none" {
	run -1 wamp-call -u wss://127.0.0.1:1 --cacert none.pem x
	assert_output --partial 'wamp-call: --cacert: none.pem: '
	echo text >text.pem
	run -1 wamp-call -u wss://127.0.0.1:1 --cacert text.pem x
	assert_output 'wamp-call: --cacert: text.pem: no CERTIFICATE in PEM'
	make_ca
	run -1 wamp-call -u wss://127.0.0.1:1 --cert ca.pem x
	assert_output 'wamp-call: --key: ca.pem: no PRIVATE KEY in PEM'
	openssl pkey -in ca.key -aes256 -passout pass:x -out locked.key
	run -1 wamp-call -u wss://127.0.0.1:1 --cert ca.pem --key locked.key x
	assert_output --partial '--key: locked.key: it has a passphrase'
	run -2 wamp-call -u wss://127.0.0.1:1 --key text.pem x
	assert_output 'wamp-call: --key needs --cert'
}

# ---- usage ----

@test "options that need a URL say so" {
	local option

	for option in '--origin o' '--header A:b' '--ticket-file f' \
	    '--cra-user u' --no-subprotocol; do
		# shellcheck disable=SC2086	# two words
		run -2 wamp-call $option x
		assert_output "wamp-call: ${option%% *} needs a URL"
	done
	for option in '--cacert f' '--cert f' '--key f' --insecure; do
		# shellcheck disable=SC2086	# two words
		run -2 wamp-call -u ws://h $option x
		assert_output "wamp-call: ${option%% *} needs a wss:// URL"
	done
}

@test "faults of the environment name the variable" {
	WAMP_TIMEOUT=soon run -2 wamp-call x
	assert_output --partial 'wamp-call: WAMP_TIMEOUT: '
	WAMP_URL=http://h run -2 wamp-call x
	assert_output --partial 'wamp-call: WAMP_URL: URL "http://h"'
	WAMP_URL=ws://h WAMP_TICKET_FILE=none run -1 wamp-call x
	assert_output --partial 'wamp-call: ticket: none: '
}
