#!/usr/bin/env bats
# TLS of wampd(8), as other clients see it: openssl s_client, and the tools with
# certificates of their own.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	test_end
}

# named FILE NAMES [ALGORITHM...]: a certificate for names such as
# DNS:a.example,DNS:b.example, and its key, both in FILE.  The first name is its
# subject, too.
named() {
	local first=${2%%,*}

	[ $# -gt 2 ] || set -- "$1" "$2" ec -pkeyopt \
	    ec_paramgen_curve:P-256
	openssl req -x509 -newkey "${@:3}" -subj "/CN=${first#*:}" -nodes \
	    -days 2 -addext "subjectAltName=$2" -keyout - -out - \
	    >"$1" 2>/dev/null
}

# of_client NAME CA: a client's certificate that the CA has signed, with its
# key, in NAME.pem.
of_client() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj "/CN=$1" -keyout "$1.key" -out "$1.request" 2>/dev/null
	openssl x509 -req -in "$1.request" -CA "$2" -CAkey "$2" \
	    -CAcreateserial -days 2 -out "$1.crt" 2>/dev/null
	cat "$1.crt" "$1.key" >"$1.pem"
}

# A broker with these keys of tls, each with its comma; its addresses in WS_URL
# and ADDRESS.
tls_start() {
	printf 'tls: { %s }\n' "$*" >wampd.yml
	broker_start -l tls:127.0.0.1:0 -c wampd.yml
	ADDRESS=$(awk '$1 == "wss" { print $2 }' "$PORTS")
}

# client [OPTION...]: shake hands, ask for something that is refused, and print
# what s_client says of it all.
client() {
	printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
	    timeout 60 openssl s_client -connect "$ADDRESS" -ign_eof "$@" 2>&1
}

# subject_for NAME [OPTION...]: whose certificate a client gets that wants NAME.
subject_for() {
	client -servername "$1" "${@:2}" |
	    openssl x509 -noout -subject -nameopt multiline | sed 's/.* = //'
}

assert_subject() {
	local wanted=$1

	shift
	run -0 subject_for "$@"
	assert_output "subject="$'\n'"$wanted"
}

# ---- several certificates ----

@test "each name gets its certificate, other names the first" {
	named first.pem DNS:first.example
	named two.pem 'DNS:two.example,DNS:three.example'
	named all.pem 'DNS:*.all.example'
	named one.pem DNS:one.all.example
	tls_start 'cert: [first.pem, two.pem, all.pem, one.pem],' \
	    'key: [one.pem, all.pem, two.pem, first.pem]'
	for version in -tls1_2 -tls1_3; do
		assert_subject first.example first.example "$version"
		assert_subject two.example two.example "$version"
		assert_subject two.example THREE.Example "$version"
		assert_subject '*.all.example' a.all.example "$version"
		assert_subject one.all.example one.all.example "$version"
		assert_subject first.example a.b.all.example "$version"
		assert_subject first.example all.example "$version"
		assert_subject first.example localhost "$version"
	done
	run -0 client -noservername
	assert_output --regexp 'subject=CN ?= ?first.example'
}

@test "certificates are found by patterns, as Certbot stores them" {
	local name

	for name in a.example b.example c.example; do
		mkdir -p "live/$name"
		named both.pem "DNS:$name"
		openssl x509 -in both.pem >"live/$name/fullchain.pem"
		openssl pkey -in both.pem >"live/$name/privkey.pem"
	done
	tls_start 'cert: live/*/fullchain.pem, key: live/*/privkey.pem'
	for name in a.example b.example c.example; do
		assert_subject "$name" "$name"
	done
	assert_subject a.example other.example
}

@test "of RSA and ECDSA for one name, a client gets what it can use" {
	named rsa.pem DNS:rsa.example,DNS:a.example rsa:2048
	named ec.pem DNS:ec.example,DNS:a.example
	tls_start 'cert: [rsa.pem, ec.pem], key: [rsa.pem, ec.pem]'
	assert_subject rsa.example a.example -tls1_2 -cipher aRSA
	assert_subject ec.example a.example -tls1_2 -cipher aECDSA
	assert_subject rsa.example a.example -sigalgs rsa_pss_rsae_sha256
	assert_subject ec.example a.example -sigalgs ecdsa_secp256r1_sha256
	# It can use no other.
	run -1 client -servername ec.example -tls1_2 -cipher aRSA
	assert_output --partial 'alert handshake failure'
}

@test "the whole chain is sent" {
	named ca.pem DNS:ca.example
	of_client server ca.pem
	cat server.crt ca.pem >chain.pem
	tls_start 'cert: chain.pem, key: server.key'
	run -0 client -CAfile ca.pem -showcerts
	assert_output --partial 'Verify return code: 0 (ok)'
	assert_equal "$(grep -c 'BEGIN CERTIFICATE' <<<"$output")" 2
}

# ---- rules ----

@test "only TLS 1.2 and 1.3 are spoken, with modern ciphers" {
	local option

	certificate cert.pem
	tls_start 'cert: cert.pem, key: cert.pem'
	run -0 client -tls1_2
	assert_output --partial 'HTTP/1.1 426 Upgrade Required'
	assert_output --partial 'Cipher is ECDHE-ECDSA-AES'
	run -0 client -tls1_3
	assert_output --partial 'HTTP/1.1 426 Upgrade Required'
	for option in -tls1 -tls1_1; do
		run -1 client "$option" -cipher DEFAULT@SECLEVEL=0
		assert_output --partial 'alert protocol version'
	done
	# Without forward secrecy or without authenticated encryption.
	for option in AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA \
	    ECDHE-ECDSA-AES128-SHA256 DHE-RSA-AES128-GCM-SHA256; do
		run -1 client -tls1_2 -cipher "$option@SECLEVEL=0"
		assert_output --partial 'alert handshake failure'
	done
}

@test "HTTP/1.1 is what ALPN agrees on, and nothing else" {
	certificate cert.pem
	tls_start 'cert: cert.pem, key: cert.pem'
	run -0 client -alpn h2,http/1.1
	assert_output --partial 'ALPN protocol: http/1.1'
	run -1 client -alpn h2
	assert_output --partial 'alert no application protocol'
	run -0 client
	assert_output --partial 'No ALPN negotiated'
}

@test "a session is resumed, in TLS 1.2 and 1.3" {
	local version

	certificate cert.pem
	tls_start 'cert: cert.pem, key: cert.pem'
	for version in tls1_2 tls1_3; do
		run -0 client "-$version" -sess_out session
		assert_output --partial 'New, TLSv1.'
		run -0 client "-$version" -sess_in session
		assert_output --partial 'Reused, TLSv1.'
		assert_output --partial 'HTTP/1.1 426 Upgrade Required'
	done
}

# ---- clients' certificates ----

# Brokers that ask clients, of three kinds: mine.pem is signed by the authority
# that they trust, other.pem by another one.
make_clients() {
	certificate cert.pem
	named ca.pem DNS:ca.example
	named ca2.pem DNS:ca2.example
	of_client mine ca.pem
	of_client other ca2.pem
}

tls_start_asking() {
	make_clients
	tls_start "cert: cert.pem, key: cert.pem, client_ca: ca.pem," \
	    "client_cert: $1"
}

call() {
	wamp-call --insecure -u "wss://$ADDRESS/" "$@" wampd.echo 1
}

@test "client_cert: none does not ask, even with an authority" {
	tls_start_asking none
	run -0 client -cert other.pem
	assert_output --partial 'No client certificate CA names sent'
	run -0 call --cert other.pem
	run -0 call
}

@test "client_cert: request asks, and refuses those it does not trust" {
	local version

	tls_start_asking request
	for version in -tls1_2 -tls1_3; do
		run -0 client "$version"
		assert_output --partial 'HTTP/1.1 426'
		assert_output --regexp 'CN ?= ?ca.example'
		run -0 client "$version" -cert mine.pem
		assert_output --partial 'HTTP/1.1 426'
		run client "$version" -cert other.pem
		assert_output --partial 'alert unknown ca'
		refute_output --partial 'HTTP/1.1'
	done
	run -0 call
	run -0 call --cert mine.pem
	run -5 call --cert other.pem
	assert_output --partial 'it may require another client certificate'
}

@test "client_cert: require refuses those without one, too" {
	local version

	tls_start_asking require
	for version in -tls1_2 -tls1_3; do
		run client "$version"
		refute_output --partial 'HTTP/1.1'
		run -0 client "$version" -cert mine.pem
		assert_output --partial 'HTTP/1.1 426'
		run client "$version" -cert other.pem
		refute_output --partial 'HTTP/1.1'
	done
	run -0 call --cert mine.crt --key mine.key
	run -5 call
	assert_output --partial 'it may require another client certificate'
	run -5 call --cert other.pem
	wait_until grep -q 'the TLS handshake failed: peer did not return a' \
	    "$BROKER_LOG"
}

@test "a client's certificate that has expired is refused" {
	make_clients
	certificate_expired mine.request ca.pem ca.pem >late.crt
	tls_start "cert: cert.pem, key: cert.pem, client_ca: ca.pem," \
	    "client_cert: request"
	run client -cert late.crt -key mine.key
	assert_output --partial 'alert certificate expired'
	run -5 call --cert late.crt --key mine.key
	run -0 call --cert mine.pem
}

@test "with client_cert: require, a session is resumed by its client only" {
	local version

	tls_start_asking require
	for version in tls1_2 tls1_3; do
		run -0 client "-$version" -cert mine.pem -sess_out session
		run -0 client "-$version" -cert mine.pem -sess_in session
		assert_output --partial 'Reused, TLSv1.'
	done
	wamp-call wampd.stats | jq -e '.tls_failed == 0'
}

# tls_start_principals KIND: one that says whom they prove.  Only the user shop
# may publish.
tls_start_principals() {
	make_clients
	of_client office ca.pem
	cat >principals.yml <<-END
		- { subject: CN=mine, name: shop, user_id: 7, roles: [SHOP] }
		- { subject: CN=other, name: other }
		- fingerprint: "$(openssl x509 -in office.crt -noout \
		    -fingerprint -sha256 | sed 's/.*=//')"
		  name: office
	END
	echo 'r: { channel: "o/{x}", handler: { callback: h } }' >routes.yml
	cat >wampd.yml <<-END
		tls: { cert: cert.pem, key: cert.pem, client_ca: ca.pem,
		    client_cert: $1, principals: principals.yml }
		routes: [routes.yml]
		handlers: { h: { type: broadcast, publish: 'user:shop' } }
		${2-}
	END
	broker_start -l tls:127.0.0.1:0 -c wampd.yml
	ADDRESS=$(awk '$1 == "wss" { print $2 }' "$PORTS")
}

publish() {
	wamp-pub --insecure -u "wss://$ADDRESS/" "$@" o/1 1
}

@test "a certificate proves whose it is" {
	tls_start_principals request
	run -0 publish --cert mine.pem
	run -3 publish --cert office.pem
	assert_output --partial 'office may not publish'
	run -5 publish --cert other.pem
	run -5 publish
	assert_output --partial 401
	run -0 grep -c 'principal=shop' "$BROKER_LOG"
	assert_output 1
}

@test "a certificate that nobody is named for proves nothing" {
	tls_start_principals require 'anonymous: yes'
	of_client stranger ca.pem
	run -3 publish --cert stranger.pem
	assert_output --partial 'anonymous may not publish'
	run -0 publish --cert mine.pem
	broker_stop
	sed -i '/^anonymous/d' wampd.yml
	broker_start -l tls:127.0.0.1:0 -c wampd.yml
	ADDRESS=$(awk '$1 == "wss" { print $2 }' "$PORTS")
	run -5 publish --cert stranger.pem
	assert_output --partial 401
}

@test "tls.principals: what is wrong is said, with its place" {
	make_clients
	echo '- { san: x, name: a }' >principals.yml
	cat >wampd.yml <<-END
		tls: { cert: cert.pem, key: cert.pem, client_ca: ca.pem,
		    client_cert: request, principals: principals.yml }
	END
	run -1 wampd -t -l tls:127.0.0.1:0 -c wampd.yml
	assert_output --partial 'principals.yml:1:10: error: san: write DNS:'
	run -1 wampd -l tls:127.0.0.1:0 -c wampd.yml
	assert_output --partial 'principals.yml:1:10: error: san: write DNS:'
	sed -i 's/client_cert: request/client_cert: none/' wampd.yml
	run -1 wampd -t -l tls:127.0.0.1:0 -c wampd.yml
	assert_output --partial 'tls.principals: it needs tls.client_cert'
}

# ---- what is no TLS ----

@test "HTTP and garbage on the TLS port are logged and end the connection" {
	local port

	certificate cert.pem
	tls_start 'cert: cert.pem, key: cert.pem'
	port=${ADDRESS##*:}
	printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
	    socat -t 60 - "TCP:127.0.0.1:$port" >got
	wait_until grep -q 'the TLS handshake failed: http request' \
	    "$BROKER_LOG"
	head -c 3000 /dev/zero | socat -t 60 - "TCP:127.0.0.1:$port" >got
	wait_until grep -q 'the TLS handshake failed: wrong version number' \
	    "$BROKER_LOG"
	wamp-call wampd.stats | jq -e '.tls_failed == 2'
}
