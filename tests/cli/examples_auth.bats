#!/usr/bin/env bats
# What examples/php tells the broker about its clients: users of Oro from its
# database, sessions of PHP from files and from Redis.

load helper

setup() {
	test_begin
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	REDIS_PID=
	unset ORO_SECRET
}

teardown() {
	[ -z "$REDIS_PID" ] || kill "$REDIS_PID"
	test_end
}

# needs MODULE: skip without that module of PHP.
needs() {
	php -m | grep -qx "$1" || skip "PHP has no $1"
}

# db_make: Oro's tables with the users admin and gone, who may not log in.
db_make() {
	needs pdo_sqlite
	cat >make.php <<-'EOF2'
	<?php
	$db = new PDO("sqlite:$argv[1]/oro.db");
	$db->exec('CREATE TABLE oro_user (id INTEGER, username TEXT,
	    password TEXT, enabled BOOLEAN)');
	$db->exec('CREATE TABLE oro_access_role (id INTEGER, role TEXT)');
	$db->exec('CREATE TABLE oro_user_access_role (user_id INTEGER,
	    role_id INTEGER)');
	$db->exec("INSERT INTO oro_user VALUES (7, 'admin', '\$2y\$13\$x', 1),
	    (8, 'gone', '\$2y\$13\$y', 0)");
	$db->exec("INSERT INTO oro_access_role VALUES (1, 'ROLE_A')");
	$db->exec("INSERT INTO oro_user_access_role VALUES (7, 1)");
	EOF2
	php make.php "$PWD"
	echo "ORO_DB_URL=sqlite:$PWD/oro.db" >.env-app
}

# ask PROGRAM ARGUMENT... QUESTION: what it answers to a line.
ask() {
	local question=${*: -1}

	run -0 "${@:1:$#-1}" <<<"$question"
}

@test "oro-users.php knows the users of Oro's database, and their roles" {
	db_make
	ask "$EXAMPLES/php/oro-users.php" . '{"id":5,"user":"admin"}'
	# shellcheck disable=SC2016	# a hash of bcrypt
	assert_output '{"id":5,"user":"admin","password":"$2y$13$x",'\
'"user_id":7,"roles":["ROLE_A"]}'
	ask "$EXAMPLES/php/oro-users.php" . '{"id":6,"user":"gone"}'
	assert_output '{"id":6,"user":null}'
	ask "$EXAMPLES/php/oro-users.php" . \
	    "{\"id\":7,\"user\":\"' OR 1=1 --\"}"
	assert_output '{"id":7,"user":null}'
}

@test "oro-users.php tells when there is no database" {
	ask "$EXAMPLES/php/oro-users.php" . '{"id":1,"user":"admin"}'
	assert_output --partial '{"id":1,"error":'
	echo 'ORO_DB_URL=sqlite:/nonexistent/oro.db' >oro.env
	ask "$EXAMPLES/php/oro-users.php" oro.env '{"id":1,"user":"admin"}'
	assert_output --partial '{"id":1,"error":'
}

# The session that all tests of sessions ask about.
ID=0123456789abcdef0123456789

@test "sessions.php knows the user of a session in a file" {
	echo -n 'user|s:5:"admin";user_id|i:7;roles|a:1:{i:0;s:1:"A";}' \
	    >"sess_$ID"
	ask "$EXAMPLES/php/sessions.php" files . "{\"id\":1,\"cookie\":\"$ID\"}"
	assert_output '{"id":1,"user":"admin","user_id":7,"roles":["A"]}'
	echo -n 'basket|a:0:{}' >"sess_$ID"
	ask "$EXAMPLES/php/sessions.php" files . "{\"id\":2,\"cookie\":\"$ID\"}"
	assert_output '{"id":2,"user":null}'
}

@test "sessions.php makes no session, and reads no other file" {
	local id

	mkdir sessions
	echo -n 'user|s:5:"admin";' >sess_x
	for id in "$ID" '../sess_x' x "$ID\n" "$ID/../../sess_x"; do
		ask "$EXAMPLES/php/sessions.php" files sessions \
		    "{\"id\":1,\"cookie\":\"$id\"}"
		assert_output '{"id":1,"user":null}'
	done
	run -0 ls sessions
	assert_output ''
}

@test "sessions.php knows the user of a token of Symfony" {
	cat >make.php <<-'EOF2'
	<?php
	namespace Oro\Bundle\UserBundle\Entity {
	class User {
	    public function __serialize(): array {
	        return ['hash', null, 'admin', true, null, 7];
	    }
	}
	}
	namespace Symfony\Security {
	class InMemoryUser { private $username = 'carl'; }
	class Token {
	    public function __construct(private $user) {}
	    public function __serialize(): array {
	        return ['main', [$this->user, true, null, [], ['ROLE_A']]];
	    }
	}
	}
	namespace {
	$class = $argv[1];
	echo '_sf2_attributes|' . serialize(['_security_main' =>
	    serialize(new Symfony\Security\Token(new $class))]);
	}
	EOF2
	php make.php 'Oro\Bundle\UserBundle\Entity\User' >"sess_$ID"
	ask "$EXAMPLES/php/sessions.php" files . "{\"id\":1,\"cookie\":\"$ID\"}"
	assert_output '{"id":1,"user":"admin","user_id":7}'
	php make.php 'Symfony\Security\InMemoryUser' >"sess_$ID"
	ask "$EXAMPLES/php/sessions.php" files . "{\"id\":1,\"cookie\":\"$ID\"}"
	assert_output '{"id":1,"user":"carl"}'
}

@test "sessions.php knows the user of a session in Redis" {
	needs redis
	command -v redis-server >/dev/null || skip 'there is no redis-server'
	redis-server --port 0 --unixsocket "$PWD/redis.sock" --save '' \
	    >redis.log 3>&- &
	REDIS_PID=$!
	wait_until test -S redis.sock
	cat >set.php <<-'EOF2'
	<?php
	$redis = new Redis();
	$redis->connect($argv[1]);
	$redis->set("PHPREDIS_SESSION:$argv[2]", 'user|s:3:"bob";');
	EOF2
	php set.php "$PWD/redis.sock" "$ID"
	ask "$EXAMPLES/php/sessions.php" redis "$PWD/redis.sock" \
	    "{\"id\":1,\"cookie\":\"$ID\"}"
	assert_output '{"id":1,"user":"bob","user_id":null,"roles":[]}'
	ask "$EXAMPLES/php/sessions.php" redis "$PWD/redis.sock" \
	    "{\"id\":1,\"cookie\":\"${ID}x\"}"
	assert_output '{"id":1,"user":null}'
	ask "$EXAMPLES/php/sessions.php" redis "$PWD/none.sock" \
	    "{\"id\":1,\"cookie\":\"$ID\"}"
	assert_output --partial '{"id":1,"error":'
}

@test "the broker asks both programs" {
	db_make
	(umask 077 && echo s3cret >secret)
	mkdir sessions
	echo -n 'user|s:3:"bob";user_id|i:9;' >"sessions/sess_$ID"
	cat >wampd.yml <<-EOF2
	tickets:
	  oro:
	    secret_file: secret
	    command: ['$EXAMPLES/php/oro-users.php', .]
	cookie:
	  name: PHPSESSID
	  command: ['$EXAMPLES/php/sessions.php', files, sessions]
	EOF2
	broker_start -c wampd.yml
	run -0 wamp-call -u "$WS_URL" --header "Cookie: PHPSESSID=$ID" \
	    wampd.echo '"a"'
	assert_output '["a"]'
	cat >ticket.mjs <<-EOF2
	import { oroTicket } from '${BATS_TEST_DIRNAME%/cli}/wire/lib/oro.mjs';

	process.stdout.write(encodeURIComponent(oroTicket({ user: 'admin',
	    password: '\$2y\$13\$x', secret: 's3cret' })));
	EOF2
	run -0 wamp-call -u "$WS_URL?ticket=$(node ticket.mjs)" wampd.echo 1
	run -5 wamp-call -u "$WS_URL" --header "Cookie: PHPSESSID=${ID}x" \
	    wampd.echo 1
	assert_output --partial 401
}
