#!/usr/bin/env bats
# wampd.may: it explains who may do what, and by which line, before anybody is
# connected.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	cat >routing.yml <<-'END'
		news: { channel: "news/{x}", handler: { callback: news } }
		mine: { channel: "mine/{user_id}", handler: { callback: mine } }
		jq: { channel: jq, handler: { callback: jq } }
		exec: { channel: exec, handler: { callback: exec } }
		ping: { channel: ping, handler: { callback: ping } }
		lost: { channel: lost, handler: { callback: lost } }
	END
	cat >wampd.yml <<-'END'
		routes: [routing.yml]
		cra: { keys: keys.yml }
		handlers:
		  news:
		    type: broadcast
		    publish: [local,
		      'role:ROLE_X', 'user:ann', 'user:local:web']
		    subscribe: nobody
		  mine: { type: secured, call: anyone }
		  jq:
		    type: jq
		    publish: { who: [backend, ticket], program: .event }
		    call: '.args'
		  exec: { type: exec, command: [cat] }
		  ping: { type: ping }
	END
	cat >keys.yml <<-'END'
		ann: { secret: x, permissions: { pubsub: [
		  { uri: news/a, pub: true }] } }
		bob: { secret: x, user_id: 7 }
	END
	broker_start -c wampd.yml
}

teardown() {
	test_end
}

# may WHO ACTION URI ALLOWED RULE LINE:COLUMN REASON
may() {
	run -0 wamp-call wampd.may "$1" "$2" "$3"
	assert_equal "$(jq -r '"\(.allowed)|\(.rule)|" +
	    (if .line then "\(.line):\(.column)" else "-" end) +
	    "|\(.reason)"' <<<"$output")" "$4|$5|$6|$7"
}

@test "the word that allows it, with its place" {
	may '{"user":"admin","roles":["ROLE_X"]}' publish news/1 \
	    true role:ROLE_X 7:7 'admin may publish here'
	assert_equal "$(jq -c '[.file, .route, .channel, .handler, .type]' \
	    <<<"$output")" \
	    "[\"wampd.yml\",\"news\",\"news/{x}\",\"news\",\"broadcast\"]"
	may '{"user":"ann"}' publish news/1 \
	    true user:ann 7:22 'ann may publish here'
	may '{"who":"local"}' publish news/1 \
	    true local 6:15 'local:? may publish here'
	may '{"user":"local:web"}' publish news/1 \
	    true local 6:15 'local:web may publish here'
	may '{"who":["ticket:paseto"],"user":"x"}' publish jq \
	    null ticket 12:49 'the jq program of the handler decides'
}

@test "the list that does not, with its place" {
	may '{"user":"ann2","roles":["ROLE_Y"]}' publish news/1 false \
	    'local, role:ROLE_X, user:ann, user:local:web' 6:14 \
	    'no word of the list applies to ann2'
	may '{}' subscribe news/1 \
	    false nobody 8:16 'no word of the list applies to anonymous'
	may '{"user":"ann"}' call news/1 \
	    false anyone 4:3 'the handler answers no calls'
}

@test "a default is at the place of its handler" {
	may '{}' publish mine/7 false 'local, backend' 9:3 \
	    'no word of the list applies to anonymous'
	may '{"who":"backend"}' publish mine/7 true backend 9:3 \
	    'backend may publish here'
}

@test "the type of the handler decides, too" {
	may '{"user":"x","user_id":7}' subscribe mine/7 true anyone 9:3 \
	    'x may subscribe here'
	may '{"user":"x","user_id":8}' subscribe mine/7 false anyone 9:3 \
	    "x may not subscribe to another user's topic"
	may '{"who":"local"}' publish ping false local 15:3 \
	    'only the broker publishes on a ping topic'
	run -0 wamp-call wampd.may '{}' call jq
	assert_output --partial 'the jq program of the handler decides'
	run -0 wamp-call wampd.may '{}' subscribe exec
	assert_output --partial 'the exec program of the handler decides'
}

@test "a closed route, no route, and the broker's own procedures" {
	may '{"who":"local"}' publish lost false null - \
	    'closed: the handler "lost" is declared nowhere'
	may '{"who":"local"}' subscribe none false null - 'no route matches'
	may '{"who":"local"}' call none false null - 'no route matches'
	may '{}' call wampd.kick false local - \
	    'only local peers may call this'
	may '{"user":"local:root"}' call wampd.kick true local - \
	    'local:root may call this'
	may '{}' call wampd.echo true anyone - 'anonymous may call this'
}

@test "keys of WAMP-CRA, with their permissions" {
	may '{"key":"ann"}' publish news/a true user:ann 7:22 \
	    'ann may publish here'
	may '{"key":"ann"}' publish news/b false user:ann 7:22 \
	    'the list allows it, but the permissions of the key do not'
	may '{"key":"bob"}' subscribe mine/7 true anyone 9:3 \
	    'bob may subscribe here'
	run -3 wamp-call wampd.may '{"key":"carl"}' publish news/a
	assert_output --partial 'there is no key of WAMP-CRA with that name'
}

@test "a session that is there" {
	local id

	id=$(wamp-call wampd.sessions | jq -r '.[0].session')
	run -3 wamp-call wampd.may "{\"session\":\"$id\"}" call wampd.kick
	assert_output --partial 'there is no session with that id'
	sub_start ping
	id=$(wamp-call wampd.sessions | jq -r '.[0].session')
	may "{\"session\":\"$id\"}" publish news/1 true local 6:15 \
	    "local:$(id -un) may publish here"
}

@test "what wampd.may says is what happens" {
	echo x >secret
	export WAMP_CRA_SECRET_FILE=secret
	run -0 wamp-pub -u "$WS_URL" --cra-user ann news/a 1
	run -3 wamp-pub -u "$WS_URL" --cra-user ann news/b 1
	run -3 wamp-pub lost 1
	run -0 wamp-pub news/a 1
	run -3 wamp-pub -u "$WS_URL" news/a 1
}

@test "arguments that are wrong" {
	local who

	for who in 5 '"x"' '{"name":"x"}' '{"user":5}' '{"who":"role:x"}' \
	    '{"who":["all"]}' '{"user_id":"x"}' '{"roles":[5]}' \
	    '{"user":"x","who":"local"}'; do
		run -3 wamp-call wampd.may "$who" publish news/1
		assert_output --partial 'wampd.error.invalid_argument'
	done
	run -3 wamp-call wampd.may '{}' write news/1
	assert_output --partial 'the action is subscribe, publish or call'
	run -3 wamp-call wampd.may '{}' publish
	assert_output --partial 'arguments: who (an object)'
	run -3 wamp-call -u "$WS_URL" wampd.may '{}' publish news/1
	assert_output --partial 'not_permitted'
}
