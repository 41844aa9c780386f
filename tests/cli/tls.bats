#!/usr/bin/env bats
# wampd(8) with TLS: its files, and the tools as clients.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	echo 'tls: { cert: cert.pem, key: key.pem }' >wampd.yml
}

teardown() {
	test_end
}

make_files() {
	certificate cert.pem
	cp cert.pem key.pem
}

# Neither -t nor a start must accept the files, for that reason.
assert_refused() {
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial "$1"
	run -1 timeout 30 wampd -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial "$1"
	[ ! -e "$WAMPD_CONTROL" ]
}

# ---- the files ----

@test "-t accepts a certificate with its key silently" {
	make_files
	run -0 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output ''
}

@test "-T prints them with absolute paths" {
	make_files
	run -0 wampd -T -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial "listen: ['tls:127.0.0.1:0']"
	assert_output --partial "cert: ['$PWD/cert.pem']"
	assert_output --partial "key: ['$PWD/key.pem']"
}

@test "a file that is missing is an error that names it" {
	assert_refused "tls.cert: cert.pem: No such file"
	make_files
	rm key.pem
	assert_refused "tls.key: key.pem: No such file"
}

@test "a file of another kind is an error that names it" {
	make_files
	echo text >cert.pem
	assert_refused "tls.cert: cert.pem: no certificate in PEM"
	make_files
	sed -n '/CERT/,$p' cert.pem >key.pem
	assert_refused "tls.key: key.pem: no private key in PEM"
	mkdir folder
	echo 'tls: { cert: folder, key: key.pem }' >wampd.yml
	assert_refused "tls.cert: folder: no certificate in PEM"
}

@test "a key that belongs to another certificate is an error" {
	make_files
	certificate key.pem
	assert_refused "tls.key: key.pem: it does not belong to tls.cert"
	openssl genrsa -out key.pem 2048
	assert_refused "tls.key: key.pem: it does not belong to tls.cert"
}

@test "a key with a passphrase is an error, and nobody is asked" {
	make_files
	openssl pkey -in cert.pem -aes256 -passout pass:secret -out key.pem
	assert_refused "tls.key: key.pem: no private key in PEM without"
}

@test "a certificate that has expired is a warning" {
	certificate ca.pem
	openssl x509 -x509toreq -in ca.pem -signkey ca.pem -out request.pem
	certificate_expired request.pem ca.pem ca.pem >cert.pem
	cp ca.pem key.pem
	run -0 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output "wampd: warning: tls.cert: cert.pem: the\
 certificate has expired"
}

@test "TLS without certificate, and a certificate without TLS, are errors" {
	make_files
	run -1 wampd -t -l tls:127.0.0.1:0
	assert_output --partial 'needs tls.cert and tls.key'
	run -1 wampd -t -c wampd.yml -l 127.0.0.1:0
	assert_output --partial \
	    'wampd.yml: error: tls: no address of listen begins with tls:'
	echo 'tls: { cert: cert.pem }' >wampd.yml
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial 'needs tls.cert and tls.key'
}

@test "several certificates find their keys in any order, each at its place" {
	make_files
	mkdir other
	certificate other/cert.pem
	cp other/cert.pem other/key.pem
	printf '%s\n' 'tls:' '  cert: [cert.pem, other/cert.pem]' \
	    '  key: [other/key.pem, key.pem]' >wampd.yml
	run -0 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output ''
	echo 'tls: { cert: [cert.pem, "*/cert.pem"], key: "**/key.pem" }' \
	    >wampd.yml
	run -0 wampd -T -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial \
	    "cert: ['$PWD/cert.pem', '$PWD/other/cert.pem']"
	printf '%s\n' 'tls:' '  cert: [cert.pem, other/cert.pem]' \
	    '  key: [key.pem, no.pem]' >wampd.yml
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial 'wampd.yml:3:18: error: tls.key: no.pem: No'
	certificate other/cert.pem
	cp key.pem no.pem
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output 'wampd.yml:2:20: error: tls.cert: other/cert.pem: '\
'its key is not in tls.key [bad-certificate]'
}

@test "certificates of clients need an authority" {
	make_files
	echo 'tls: { cert: cert.pem, key: key.pem, client_cert: request }' \
	    >wampd.yml
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial 'tls.client_cert: it needs tls.client_ca ['
	sed -i 's/request/require, client_ca: no.pem/' wampd.yml
	run -1 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output --partial 'tls.client_ca: no.pem: No such file'
	sed -i 's/no.pem/cert.pem/' wampd.yml
	run -0 wampd -t -c wampd.yml -l tls:127.0.0.1:0
	assert_output ''
	echo 'tls: { client_ca: cert.pem }' >wampd.yml
	run -1 wampd -t -c wampd.yml -l 127.0.0.1:0
	assert_output --partial 'no address of listen begins with tls:'
}

@test "an address for TLS must be one of TCP" {
	run -2 wampd -t -l tls:unix:/tmp/x
	assert_output --partial 'TLS is for TCP'
	run -2 wampd -t -l tls:8443
	assert_output --partial '"8443" is no address'
}

# ---- the tools ----

# A broker on both kinds of address; its URLs in $WS_URL and $TLS_URL.
tls_start() {
	make_files
	broker_start -l tls:127.0.0.1:0 -c wampd.yml
	TLS_URL=wss://$(awk '$1 == "wss" { print $2 }' "$PORTS")/
}

@test "the ports file tells ws from wss" {
	tls_start
	run -0 cut -d ' ' -f 1 "$PORTS"
	assert_output $'ws\nwss\ncontrol'
}

@test "the tools speak TLS when they trust the certificate" {
	tls_start
	SSL_CERT_FILE=cert.pem sub_start -u "$TLS_URL" -C 2 news
	SSL_CERT_FILE=cert.pem wamp-pub -u "$TLS_URL" news 1
	wamp-pub --insecure -u "${TLS_URL/127.0.0.1/localhost}" news 2
	run -0 sub_wait
	assert_output $'1\n2'
	run -0 wamp-call --insecure -u "$TLS_URL" wampd.echo '"x"'
	assert_output '["x"]'
}

@test "the tools refuse a certificate that they do not trust" {
	tls_start
	run -5 wamp-call -u "$TLS_URL" wampd.echo
	assert_output --partial 'certificate is not trusted: it is self-signed'
	certificate other.pem
	SSL_CERT_FILE=other.pem run -5 wamp-call -u "$TLS_URL" wampd.echo
	assert_output --partial 'certificate is not trusted: it is self-signed'
	wait_until logs_distrust
}

# The client says why before it closes; when that closing overtakes it, the
# broker only sees a connection that is lost.
logs_distrust() {
	grep -q 'the TLS handshake failed: .*' "$BROKER_LOG" && return
	! SSL_CERT_FILE=other.pem wamp-call -q -u "$TLS_URL" wampd.echo
	return 1
}

@test "the wrong scheme is told from the right one" {
	tls_start
	run -5 wamp-call -u "${TLS_URL/wss/ws}" wampd.echo
	run -5 wamp-call --insecure -u "${WS_URL/ws/wss}" wampd.echo
	assert_output --partial 'it is not a TLS server'
	run -0 wamp-call --insecure -u "$TLS_URL" wampd.echo
}

@test "nothing is negotiated a second time" {
	local address

	tls_start
	address=${TLS_URL#wss://}
	# R asks for it, and the client gives up when it is refused.
	run openssl s_client -connect "${address%/}" -tls1_2 <<<R
	assert_output --partial 'no renegotiation'
	run -0 wamp-call --insecure -u "$TLS_URL" wampd.echo
}

@test "a stream of events comes whole over TLS, and so does a large one" {
	tls_start
	sub_start --insecure -u "$TLS_URL" -C 100001 news
	seq 100000 | wamp-pub --insecure -u "$TLS_URL" -l news
	jq -nc '[range(100000)]' >large
	wamp-pub --insecure -u "$TLS_URL" -f large news
	sub_wait >got
	seq 100000 | cat - large | cmp - got
}
