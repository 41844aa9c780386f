#!/usr/bin/env bats
# What examples/oro says to administrators of an Oro application.

load helper
load nginx

SECRET=ThisTokenIsNotSoSecret
# shellcheck disable=SC2016	# a hash of PHP's
HASH='$2y$13$abcdefghijklmnopqrstuv'

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	cp -r "$EXAMPLES" .
	umask 077
	echo "$SECRET" >examples/oro/oro-secret
	cat >examples/oro/oro-users.yml <<-END
		ann: { password: '$HASH', id: 7, roles: [ROLE_USER] }
		bob: { password: '$HASH', id: 8 }
	END
}

teardown() {
	nginx_stop
	test_end
}

# Its configuration, with a port of the test's.
oro_start() {
	sed -i 's/8080/0/; s/# \(lock_file:\).*/\1 lock/' examples/oro/wampd.yml
	broker_run -S "$WAMPD_CONTROL" -c examples/oro/wampd.yml
}

# as_application COMMAND...: as a program with the application's variables.
as_application() {
	local address=${WS_URL#ws://}

	ORO_WEBSOCKET_BACKEND_DSN=tcp://${address%/} ORO_SECRET=$SECRET "$@"
}

# ticket USER: a file with a ticket as Oro's code makes it; of the application,
# if there is no user.
ticket() {
	local password=$SECRET

	[ -z "$1" ] || password=$HASH
	# shellcheck disable=SC2016	# PHP's variables
	php -r '
		[, $user, $password, $secret] = $argv;
		$created = date("c");
		$nonce = substr(md5(uniqid()), 0, 16);
		$salted = "$nonce|$created|$password{{$secret}}";
		$digest = hash("sha512", $salted, true);
		for ($i = 1; $i < 5000; $i++)
			$digest = hash("sha512", $digest . $salted, true);
		echo base64_encode(base64_encode($digest) .
		    ";$user;$nonce;$created");
	' -- "$1" "$password" "$SECRET" >"ticket$1"
	echo "ticket$1"
}

# The example in front of the broker, with the page's site as Host.
front() {
	nginx_need
	sed "s|http://127.0.0.1:8080|http://${WS_URL:5:-1}|
	    s/\$http_host/www.example.com/
	    s/\$remote_addr/192.0.2.7/" examples/oro/nginx.conf | nginx_start
}

# browser [USER] COMMAND [ARGUMENT...]: as a page of the site does.
browser() {
	"$2" -u "ws+unix://$NGINX_SOCKET:/ws" \
	    --origin https://www.example.com \
	    --ticket-file "$(ticket "$1")" "${@:3}"
}

@test "the application publishes, and pages hear it" {
	local topic topics

	oro_start
	front
	topics='oro/data/update oro/message_queue_heartbeat
	    oro/outdated_user_page'
	for topic in $topics; do
		sub_start -u "ws+unix://$NGINX_SOCKET:/ws" -C 1 \
		    --origin https://www.example.com \
		    --ticket-file "$(ticket ann)" "$topic"
		as_application wamp-pub "$topic" '{"n":1}'
		run -0 sub_wait
		assert_output '{"n":1}'
	done
}

@test "a user hears of his mails, and nobody else does" {
	oro_start
	front
	sub_start -u "ws+unix://$NGINX_SOCKET:/ws" -C 1 \
	    --origin https://www.example.com \
	    --ticket-file "$(ticket ann)" oro/email_event/7/1
	run -3 browser bob wamp-sub oro/email_event/7/1
	assert_output --partial 'not_permitted'
	run -0 as_application wamp-pub -v oro/email_event/7/1 '{"hasNew":true}'
	assert_output --partial ' 1 delivery'
	run -0 sub_wait
	assert_output '{"hasNew":true}'
}

@test "pages cannot publish, and without a ticket there is no session" {
	oro_start
	front
	for user in ann ''; do
		run -3 browser "$user" wamp-pub oro/maintenance \
		    '{"isOn":true}'
		assert_output --partial 'not_permitted'
	done
	run -0 wamp-maint status
	run -5 wamp-pub -u "ws+unix://$NGINX_SOCKET:/ws" oro/data/update 1
	assert_output --partial 401
	run -5 wamp-pub -u "$WS_URL" oro/data/update 1
	assert_output --partial 401
	run -5 browser eve wamp-pub oro/data/update 1
	assert_output --partial 403
	run -0 wamp-call wampd.stats
	assert_output --partial '"refused_no_proof":2'
	assert_output --partial '"refused_unknown_user":1'
}

@test "where there are no users, the start says so" {
	sed -i '/users:/d' examples/oro/wampd.yml
	oro_start
	run -0 cat "$BROKER_LOG"
	assert_output --partial 'warning: the pages of users cannot connect'
	assert_output --partial 'set tickets.oro.users'
}

@test "the lock file is heard of, and made" {
	oro_start
	sub_start -C 2 oro/maintenance
	touch examples/oro/lock
	wait_until maintenance_is 10
	wamp-maint off
	[ ! -e examples/oro/lock ]
	run -0 sub_wait
	assert_line -n 0 --partial '"isOn":true'
	assert_line -n 1 --partial '"isOn":false'
}

maintenance_is() {
	local status=0

	wamp-maint status >/dev/null || status=$?
	[ "$status" -eq "$1" ]
}

@test "the command for supervisor is right" {
	local command

	command=$(sed -n 's/^command=//p' examples/oro/supervisor.conf)
	command=${command/\/usr\/bin\/}
	command=${command/\/var\/www\/oro\/var/.}
	# shellcheck disable=SC2086	# split on purpose
	run -0 ${command/\/etc\/wampd/examples/oro} -t -l 127.0.0.1:0
	assert_output ''
}

@test "the server's address comes from Oro's variable" {
	sed -i '/^listen:/d' examples/oro/wampd.yml
	run -0 grep -o 'ORO_WEBSOCKET_SERVER_DSN=.*' examples/oro/README.md
	export "${lines[0]/8080/18080}"
	run -0 wampd -T -c examples/oro/wampd.yml
	assert_output --partial "127.0.0.1:18080"
}
