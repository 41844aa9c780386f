#!/usr/bin/env bats
# A name has several addresses, for whoever connects and whoever listens.
#
# The name is made up, by a library that is loaded before all others.

load helper

setup_file() {
	gcc -shared -fPIC -o "$BATS_FILE_TMPDIR/names.so" \
	    "$BATS_TEST_DIRNAME/names.c" -ldl
}

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	# A sanitizer wants to be the first that is loaded.
	export ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
	export TEST_NAME=many.test
}

teardown() {
	test_end
}

# with ADDRESSES COMMAND...: run it where the name has these addresses.
with() {
	TEST_ADDRESSES=$1 LD_PRELOAD=$BATS_FILE_TMPDIR/names.so "${@:2}"
}

# broker_with ADDRESSES ARGUMENT...: a broker that knows the name so.
broker_with() {
	export TEST_ADDRESSES=$1 LD_PRELOAD=$BATS_FILE_TMPDIR/names.so
	broker_run -S "$WAMPD_CONTROL" --log-level warning "${@:2}"
	unset TEST_ADDRESSES LD_PRELOAD
}

# port: that of the broker's first address.
port() {
	sed -n '1s/.*://p' "$PORTS"
}

# each_tool_reaches ADDRESSES URL
each_tool_reaches() {
	export WAMP_URL=$2
	with "$1" wamp-pub news 1
	run -0 with "$1" wamp-call wampd.echo 7
	assert_output "[7]"
	run -0 with "$1" wamp-sub -E news
	run -0 with "$1" wamp-bench fan -q --clients 5 --messages 5
	assert_line --regexp '^lost +0$'
	# It is for local peers, but was reached.
	run -3 with "$1" wamp-maint status
	unset WAMP_URL
}

@test "all tools try the addresses in turn" {
	# A broker that nobody has configured knows such names only.
	export TEST_NAME=many.localhost
	broker_start --log-level warning
	each_tool_reaches '127.0.0.2 127.0.0.1' "ws://$TEST_NAME:$(port)/"
	each_tool_reaches '127.0.0.1 127.0.0.2' "ws://$TEST_NAME:$(port)/"
	each_tool_reaches '::1 127.0.0.1' "ws://$TEST_NAME:$(port)/"
}

@test "a certificate is that of the name" {
	certificate local.pem
	broker_start --log-level warning -l tls:127.0.0.1:0 -c <(printf \
	    'tls: { cert: %s, key: %s }' "$PWD/local.pem" "$PWD/local.pem")
	port=$(sed -n 's/^wss .*://p' "$PORTS")
	TEST_NAME=localhost run -0 with '127.0.0.2 127.0.0.1' wamp-call \
	    -u "wss://localhost:$port/" --cacert local.pem wampd.echo 7
	assert_output "[7]"
	run -5 with '127.0.0.2 127.0.0.1' wamp-call \
	    -u "wss://many.test:$port/" --cacert local.pem wampd.echo 7
	assert_output --partial 'certificate is not trusted'
}

@test "where no address answers, the error is that of an address" {
	run -5 with '127.0.0.1 127.0.0.2' wamp-call -u ws://many.test:1/ x
	assert_output "wamp-call: ws://many.test:1/: cannot connect: \
Connection refused"
	run -5 with '127.0.0.1 127.0.0.2' wamp-bench fan -u ws://many.test:1/
	assert_output --partial 'cannot connect: Connection refused'
}

@test "wampd listens on each address of a name, on the same port" {
	local addresses='127.0.0.1 127.0.0.2 127.0.0.1'

	broker_with "$addresses" -l many.test:0
	run -0 cat "$PORTS"
	assert_output "ws 127.0.0.1:$(port)
ws 127.0.0.2:$(port)
control $WAMPD_CONTROL"
	wamp-pub -u "ws://127.0.0.1:$(port)/" news 1
	wamp-pub -u "ws://127.0.0.2:$(port)/" news 1
}

@test "wampd listens on both families" {
	skip_without_ipv6
	broker_with '::1 127.0.0.1' -l many.test:0
	wamp-pub -u "ws://[::1]:$(port)/" news 1
	wamp-pub -u "ws://127.0.0.1:$(port)/" news 1
}

@test "an address that this machine has not is left out" {
	broker_with '192.0.2.1 127.0.0.1' -l many.test:0
	run -0 cat "$PORTS"
	assert_line --index 0 "ws 127.0.0.1:$(port)"
	run -1 with '192.0.2.1' wampd -l many.test:0 -S other.sock
	assert_output --partial \
	    'cannot listen on many.test:0: Cannot assign requested address'
}

@test "an address that is taken is an error" {
	broker_start --log-level warning
	run -1 with '127.0.0.2 127.0.0.1' timeout 30 wampd \
	    -l "many.test:$(port)" -S other.sock
	assert_output --partial \
	    "cannot listen on many.test:$(port): Address already in use"
	[ ! -e other.sock ]
}
