#!/usr/bin/env bats
# wampd(8), "Reload": SIGHUP, wampd.reload and wampd.config.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	cat >routes.yml <<-'END'
	chat: { channel: 'chat/{room}', handler: { callback: chat } }
	END
	cat >wampd.yml <<-'END'
	routes: [routes.yml]
	limits: { queue: 2MiB }
	handlers:
	  chat: { type: broadcast, subscribe: local, publish: local }
	END
}

teardown() {
	test_end
}

# add FILE: append stdin to it.
add() {
	cat >>"$1"
}

# generation: that of the configuration in force.
generation() {
	wamp-call wampd.config | jq .generation
}

is_generation() {
	[ "$(generation)" = "$1" ]
}

# reload [OPTIONS]: its answer.
reload() {
	wamp-call wampd.reload "$@"
}

@test "a reload applies what has changed, and says what" {
	broker_start -c wampd.yml
	sed -i 's/2MiB/3MiB/' wampd.yml
	add routes.yml <<-'END'
	news: { channel: news, handler: { callback: chat } }
	END
	run -0 reload
	run -0 jq -c '.generation, .keys, .restart, .routes.added,
	    .handlers.changed' <<<"$output"
	assert_line -n 0 2
	assert_line -n 1 --partial '{"key":"limits.queue","old":"2MiB",'
	assert_line -n 1 --partial '"file":"wampd.yml","line":2,"column":18}'
	assert_line -n 2 '[]'
	assert_line -n 3 '["news"]'
	run -0 wamp-call wampd.match news
	assert_output --partial '"news"'
	run -0 grep 'reloaded generation=2 keys=1 restart=0 routes=+1-0~0' \
	    "$BROKER_LOG"
}

@test "a dry run says the same, and changes nothing" {
	broker_start -c wampd.yml
	sed -i 's/2MiB/3MiB/; s/publish: local/publish: anyone/' wampd.yml
	: >routes.yml
	run -0 reload '{"dry_run":true}'
	run -0 jq -c '.generation, .keys[].key, .routes.removed,
	    .handlers.changed' <<<"$output"
	assert_line -n 0 1
	assert_line -n 1 '"limits.queue"'
	assert_line -n 2 '["chat"]'
	assert_line -n 3 '["chat: publish"]'
	assert_equal "$(generation)" 1
	run -0 wamp-call wampd.match chat/1
	assert_output --partial '"chat"'
}

@test "SIGHUP reloads, and options of the command line still win" {
	broker_start -c wampd.yml --log-level warning
	add wampd.yml <<<'log: { level: debug }'
	kill -s HUP "$BROKER_PID"
	wait_until is_generation 2
	run -0 wamp-call wampd.config
	run -0 jq -r .config.log.level <<<"$output"
	assert_output warning
}

# Each file is wrong in its own way: FILE, its text, and the error.
@test "if a file is wrong, nothing changes, and the place is told" {
	local file text error n=0

	cat >services.yml <<<'services: {}'
	add wampd.yml <<<'services: [services.yml]'
	broker_start -c wampd.yml
	mkdir good
	cp ./*.yml good
	while IFS='|' read -r file text error; do
		printf '%b' "$text" >"$file"
		run -3 reload
		assert_line -n 0 --partial "$error"
		run -3 reload '{"dry_run":true}'
		assert_line -n 0 --partial "$error"
		cp good/*.yml .
		: $((++n))
	done <<-'END'
	wampd.yml|routes: [|wampd.yml:2:
	wampd.yml|limit: 5\n|wampd.yml:1:1: error: there is no key "limit"
	wampd.yml|limits:\n  queue: 5 apples\n|wampd.yml:2:10: error: limits
	wampd.yml|listen: nowhere\n|wampd.yml:1:9: error: listen
	wampd.yml|routes: [gone.yml]\n|gone.yml
	wampd.yml|handlers: { h: { type: none } }\n|wampd.yml:1:
	wampd.yml|handlers: { h: { type: jq, call: "1 +" } }\n|wampd.yml:1:
	routes.yml|a: { channel: "a/{"|routes.yml:2:
	routes.yml|a: {channel: '{b}', requirements: { b: '(' }}|routes.yml:1:
	services.yml|services: 5|services.yml:1:
	END
	assert_equal "$n" 10
	rm wampd.yml
	run -3 reload
	assert_line -n 0 --partial 'wampd.yml: error: '
	assert_equal "$(generation)" 1
	run -0 wamp-call wampd.match chat/1
	run -0 grep -c 'reload failed.*generation=1 stays' "$BROKER_LOG"
	assert_output 21
	cp good/*.yml .
	run -0 reload
}

@test "the details of the error list all errors" {
	broker_start -c wampd.yml
	printf 'a: 1\nb: 2\n' >wampd.yml
	run -3 reload
	assert_line -n 0 --partial ', and 1 more '
	run -0 sed -n 's/^wamp-call: details: //p' <<<"$output"
	run -0 jq -c '.[] | [.file, .line, .column, .level, .rule]' \
	    <<<"$output"
	assert_line -n 0 '["wampd.yml",1,1,"error","unknown-key"]'
	assert_line -n 1 '["wampd.yml",2,1,"error","unknown-key"]'
}

@test "closed routes are an error with --strict only" {
	broker_start -c wampd.yml --strict
	sed -i 's/callback: chat/callback: nobody/' routes.yml
	run -3 reload
	assert_line -n 0 --partial nobody
	assert_equal "$(generation)" 1
	broker_stop
	sed -i 's/callback: nobody/callback: chat/' routes.yml
	broker_start -c wampd.yml
	sed -i 's/callback: chat/callback: nobody/' routes.yml
	run -0 reload
	run -0 jq -r '.warnings[] | .text' <<<"$output"
	assert_output --partial nobody
}

@test "keys that need a restart keep their values, and are named" {
	broker_start -c wampd.yml
	add wampd.yml <<-'END'
	state_dir: /tmp
	user: no-such-user
	confine: no
	END
	run -0 reload
	run -0 jq -c '.restart[] | [.key, .old, .new, .line]' <<<"$output"
	assert_line '["state_dir",null,"/tmp",5]'
	assert_line '["user",null,"no-such-user",6]'
	assert_line '["confine","auto","no",7]'
	run -0 grep 'key=state_dir needs a restart' "$BROKER_LOG"
	run -0 wamp-call wampd.config
	run -0 jq -c '.restart, .config.state_dir' <<<"$output"
	assert_line -n 0 '["state_dir","user","confine"]'
	assert_line -n 1 null
}

@test "wampd.config shows no secrets" {
	add wampd.yml <<-'END'
	  x: { type: exec, command: [cat], env: { KEY: s3cret }, call: local }
	parameters: { database: s3cret }
	END
	broker_start -c wampd.yml
	run -0 wamp-call wampd.config
	refute_output --partial s3cret
	run -0 jq -c '.config | .handlers.x.env, .parameters' <<<"$output"
	assert_line -n 0 '{"KEY":"(hidden)"}'
	assert_line -n 1 '{"database":"(hidden)"}'
}

@test "a subscription that is forbidden now ends, others do not" {
	add wampd.yml <<-'END'
	  other: { type: broadcast, subscribe: local, publish: local }
	END
	add routes.yml <<<'other: { channel: other, handler: other }'
	broker_start -c wampd.yml
	sub_start -C 1 other
	sub_start chat/1
	sed -i 's/chat: {.*/chat: { type: broadcast, subscribe: backend }/' \
	    wampd.yml
	run -0 reload
	run -0 wamp-call wampd.stats
	run -0 jq .subscriptions_ended <<<"$output"
	assert_output 1
	run -0 grep 'subscribe topic=chat/1 refused: after a reload' \
	    "$BROKER_LOG"
	run -0 wamp-pub other '"still here"'
	run -0 sub_wait 1
	assert_output '"still here"'
}

@test "programs keep running unless their declarations change" {
	cat >echo.sh <<-'END'
	while read -r line; do
		[[ $line = *'"type":"call"'* ]] || continue
		id=${line#*\"id\":} id=${id%%[,\}]*}
		echo "{\"id\":$id,\"result\":$$}"
	done
	END
	cat >wampd.yml <<-'END'
	routes: [routes.yml]
	handlers:
	  same: { type: exec, command: [bash, echo.sh], call: local }
	  new: { type: exec, command: [bash, echo.sh], call: local }
	END
	cat >routes.yml <<-'END'
	same: { channel: same, handler: same }
	new: { channel: new, handler: new }
	END
	broker_start -c wampd.yml
	same=$(wamp-call same)
	new=$(wamp-call new)
	sed -i '/new/s/local/anyone/' wampd.yml
	run -0 reload
	assert_equal "$(wamp-call same)" "$same"
	[ "$(wamp-call new)" != "$new" ]
	wait_until process_ended "$new"
	run -0 reload
	assert_equal "$(wamp-call same)" "$same"
	sed -i '/same:/d' wampd.yml
	sed -i '/same:/d' routes.yml
	run -0 reload
	wait_until process_ended "$same"
}

@test "wrong arguments are refused" {
	broker_start -c wampd.yml
	run -3 reload true
	run -3 reload '{"dry_run":1}'
	run -3 reload '{"dry":true}'
	run -3 reload '{}' '{}'
	run -3 wamp-call wampd.config 1
	run -0 reload '{}'
	assert_equal "$(generation)" 2
}

@test "many who ask at once all get an answer" {
	local i pids=()

	broker_start -c wampd.yml
	for ((i = 0; i < 20; i++)); do
		wamp-call wampd.reload >"answer.$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	run -0 jq -s 'map(.generation) | max <= 21 and length == 20' answer.*
	assert_output true
}

@test "a service manager is told when a reload begins and ends" {
	socat -u UNIX-RECV:notify OPEN:told,creat,append 3>&- &
	socat=$!
	wait_until test -S notify
	NOTIFY_SOCKET=$PWD/notify broker_start -c wampd.yml
	run -0 reload
	wait_until grep -q READY=1.*RELOADING=1 <(tr '\n' ' ' <told)
	kill "$socat"
	run -0 grep -ac 'READY=1' told
}

# served PORT: the serial number of the certificate that is served there.
served() {
	openssl s_client -connect "127.0.0.1:$1" </dev/null 2>/dev/null |
	    openssl x509 -noout -serial
}

@test "a renewed certificate serves the next handshake" {
	local port before

	certificate server.pem
	add wampd.yml <<-'END'
	listen: ['tls:127.0.0.1:0']
	tls: { cert: server.pem, key: server.pem }
	END
	broker_run -c wampd.yml -S "$WAMPD_CONTROL"
	port=$(sed -n 's/^wss 127.0.0.1://p' "$PORTS")
	before=$(served "$port")
	[ -n "$before" ]
	certificate server.pem
	assert_equal "$(served "$port")" "$before"
	run -0 reload
	[ "$(served "$port")" != "$before" ]
	before=$(served "$port")
	echo broken >server.pem
	run -3 reload
	assert_line -n 0 --partial 'wampd.yml:'
	assert_line -n 0 --partial server.pem
	assert_equal "$(served "$port")" "$before"
}

@test "who may connect changes, and sessions of others are closed" {
	sed -i 's/subscribe: local/subscribe: anyone/' wampd.yml
	broker_start -c wampd.yml
	sub_start -u "$WS_URL" chat/1
	add wampd.yml <<<'blocked_ips: [127.0.0.0/8]'
	run -0 reload
	run -0 jq -c '.keys[] | [.key, .old, .new]' <<<"$output"
	assert_output '["blocked_ips",[],["127.0.0.0/8"]]'
	wait_until grep -q 'close code=1008.*the address is blocked' \
	    "$BROKER_LOG"
	run ! wamp-call -u "$WS_URL" wampd.echo 1
	sed -i '/^blocked/d' wampd.yml
	run -0 reload
	run -0 wamp-call -u "$WS_URL" wampd.echo 1
}

@test "a program that comes with a reload starts, confined or not" {
	local how x='x: { type: exec, command: [bash, echo.sh] }'

	cat >echo.sh <<-'END'
	while read -r line; do
		[[ $line = *'"type":"call"'* ]] || continue
		id=${line#*\"id\":} id=${id%%[,\}]*}
		echo "{\"id\":$id,\"result\":7}"
	done
	END
	cp wampd.yml routes.yml "$(mkdir -p good && echo good)"
	for how in auto no; do
		cp good/* .
		add wampd.yml <<<"confine: $how"
		broker_start -c wampd.yml
		sed -i "/^handlers:/a\\  $x" wampd.yml
		add routes.yml <<<'x: { channel: x, handler: x }'
		run -0 reload
		run -0 wamp-call x
		assert_output '[7]'
		broker_stop
	done
}
