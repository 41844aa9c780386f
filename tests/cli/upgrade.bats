#!/usr/bin/env bats
# What becomes of a configuration of an earlier version: it works, or the broker
# does not start and says what to change.

load helper

# Each argument is a line of the file.
config_write() {
	CONFIG=$BATS_TEST_TMPDIR/new.yml
	printf '%s\n' "$@" >"$CONFIG"
}

setup() {
	test_begin
	cd "${BATS_TEST_DIRNAME%/tests/cli}" || return
	OLD=$BATS_TEST_TMPDIR/wampd.yml
	sed "s|\[\.\./|[$PWD/examples/|; s/8080/0/" \
	    tests/upgrade/oro-0.1.0.yml >"$OLD"
}

teardown() {
	test_end
}

assert_remedy() {
	local line

	for line in 21 24 28 31; do
		assert_line --regexp "wampd.yml:$line:26: error: \"loopback\" \
gives no right here.*write \"backend\" and set tickets.oro.secret_file, or, \
if no proxy runs on this machine, set \"trust_loopback: yes\""
	done
}

@test "Oro of 0.1.0 does not start, and says what to write instead" {
	run -1 wampd -t -c "$OLD"
	assert_remedy
	run -1 wampd -c "$OLD"
	assert_remedy
	[ ! -e "$WAMPD_CONTROL" ]
}

@test "Oro of 0.1.0 starts with trust_loopback" {
	echo 'trust_loopback: yes' >>"$OLD"
	broker_run -c "$OLD"
	sub_start -u "${WS_URL}ws?ticket=abc" -C 1 oro/data/update
	wamp-pub -u "$WS_URL?ticket=abc" oro/data/update '{"n":1}'
	run -0 sub_wait
	assert_output '{"n":1}'
}

@test "where no back end can prove itself, the start says what to set" {
	sed -i 's/, loopback//' "$OLD"
	broker_run -c "$OLD"
	run -0 cat "$BROKER_LOG"
	assert_output --partial 'warning: only the tools on this machine can '\
'publish, because no back end can prove what it is: set '\
'tickets.oro.secret_file'
}

@test "a broker that nobody can connect to says what to set, with -t, too" {
	local keys

	for keys in 'anonymous: no' 'tickets: { cookie: sid }'; do
		config_write "listen: 127.0.0.1:0" "$keys"
		run -0 wampd -t -c "$CONFIG" --control "$BATS_TEST_TMPDIR/s"
		assert_output --partial "$CONFIG: warning: no WebSocket \
client can connect, because none can prove who it is: set tickets.oro.secret"
	done
	config_write 'anonymous: yes' 'cra: { delay: 1s }'
	run -0 wampd -t -c "$CONFIG" --control "$BATS_TEST_TMPDIR/s"
	refute_output --partial 'can connect'
}

@test "no cookie has a name that browsers do not send" {
	local keys

	for keys in 'tickets: { cookie: "a b" }' \
	    'cookie: { name: "a=b", command: [cat] }'; do
		config_write "$keys"
		run -1 wampd -t -c "$CONFIG" --control "$BATS_TEST_TMPDIR/s"
		assert_output --partial 'no cookie can have that name'
	done
}

@test "the news of the package name the remedy" {
	run -0 cat .debian/wampd.NEWS
	assert_line --index 0 "$(head -n 1 .debian/changelog)"
	assert_output --partial tickets.oro.secret_file
	assert_output --partial 'trust_loopback: yes'
	assert_output --partial application_url
	run -0 sed -n '/^### Upgrading/,/^## /p' README.md
	assert_output --partial tickets.oro.secret_file
	assert_output --partial 'trust_loopback: yes'
	assert_output --partial application_url
}
