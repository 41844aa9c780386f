#!/usr/bin/env bats
# wampd --schema, wamp-routes --schema: what editors and CI are told of the
# files is what the programs take.

load helper

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	cd "$BATS_TEST_TMPDIR" || return
	wampd --schema >wampd.json
	wamp-routes --schema >routes.json
}

teardown() {
	test_end
}

# python: one that has what schema.py needs.
python() {
	local python

	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import jsonschema, yaml' 2>/dev/null; then
			"$python" -W ignore "$@"
			return
		fi
	done
	echo 'no python3 has jsonschema and yaml: see tests/deps'
	return 127
}

# fits SCHEMA FILE...
fits() {
	python "$ROOT/tests/cli/schema.py" "$@"
}

# both_take PROGRAM SCHEMA: the file on stdin is fine for both.
both_take() {
	cat >file.yml
	# shellcheck disable=SC2086	# a program and its options
	run -0 $1 file.yml
	run -0 fits "$2" file.yml
}

# both_refuse PROGRAM SCHEMA: each text of stdin, up to a line "---", is wrong
# for both.
both_refuse() {
	local line text='' n=0

	while IFS= read -r line; do
		if [ "$line" != --- ]; then
			text+=$line$'\n'
			continue
		fi
		printf '%s' "$text" >file.yml
		cat file.yml
		# shellcheck disable=SC2086	# likewise
		run -1 $1 file.yml
		run -1 fits "$2" file.yml
		text=
		n=$((n + 1))
	done
	[ -z "$text" ]
	[ "$n" -gt 0 ]
}

@test "the shipped files fit" {
	run -0 fits wampd.json "$ROOT"/examples/wampd.yml \
	    "$ROOT"/examples/*/wampd.yml
	run -0 fits routes.json "$ROOT"/examples/websocket_routing.yml \
	    "$ROOT"/examples/*/websocket_routing.yml
}

@test "what wampd prints fits, each key and each type of handler" {
	cat >wampd.yml <<-'END'
		control: { mode: "0600" }
		limits: { message: 64k, sessions: 10, stall: 1.5 }
		keepalive: 0
		require_subprotocol: true
		websocket: { paths: [/, /ws], deflate: on }
		parameters: { a: 1, b: ~, c: x }
		handlers:
		  b: { type: broadcast, retain: true, rate: 5, log: debug,
		    publish: [local, 'role:A', 'user:b', 'user:local:c', cra],
		    overflow: drop-oldest }
		  s: { type: secured, parameter: id, wildcard: true,
		    rate: { events: 1, burst: 5 } }
		  p: { type: ping, interval: 50, message: x, max_size: 1k }
		  j: { type: jq, publish: '{event}', timeout: 50ms,
		    subscribe: { who: [anyone], program: 'true' } }
		  e: { type: exec, command: [cat],
		    env: [A, { B: 1, C: ~ }], pool: 2, queue: 3,
		    restart: { min: 1s }, tick: 1m, log: no }
		  f: { type: exec, command: cat, env: { A: ~ }, cwd: / }
	END
	fits wampd.json wampd.yml
	wampd -T -c wampd.yml >printed.yml
	fits wampd.json printed.yml
	# And nothing that the schema has is unknown to it.
	jq -r '.properties | to_entries[] | if .value.properties then
	    .key + "." + (.value.properties | keys[]) else .key end' \
	    wampd.json | sort >schema
	awk '/^[a-z_]+:/ { section = $1; sub(":", "", section) }
		/^[a-z_]+: ./ && section !~ /^(handlers|parameters)$/ ||
		/^(handlers|parameters):/ { print section }
		/^  [a-z_]+:/ && section !~ /^(handlers|parameters)$/ {
			sub(":", "", $1); print section "." $1 }' \
	    printed.yml | sort >program
	comm -13 schema program >unknown
	[ ! -s unknown ]
	[ "$(wc -l <schema)" -ge 30 ]
}

@test "what is wrong in wampd.yml is so for wampd and for the schema" {
	both_refuse 'wampd -t -c' wampd.json <<-'END'
		lissten: '127.0.0.1:1'
		---
		limits: { quue: 1k }
		---
		limits: 5
		---
		limits: { message: many }
		---
		limits: { sessions: 0 }
		---
		limits: { depth: 2.5 }
		---
		keepalive: soon
		---
		keepalive: -1
		---
		compat: oros
		---
		log: { level: loud }
		---
		control: { mode: rw }
		---
		compat: [oro]
		---
		require_subprotocol: 1
		---
		websocket: { deflate: oro }
		---
		websocket: { paths: { a: b } }
		---
		listen: { a: b }
		---
		handlers: [a]
		---
		handlers: { a: broadcast }
		---
		handlers: { a: { retain: true } }
		---
		handlers: { a: { type: broad } }
		---
		handlers: { a: { type: broadcast, interval: 5 } }
		---
		handlers: { a: { type: ping, intervall: 5 } }
		---
		handlers: { a: { type: broadcast, retain: maybe } }
		---
		handlers: { a: { type: broadcast, publish: [everyone] } }
		---
		handlers: { a: { type: broadcast, publish: 'role:' } }
		---
		handlers: { a: { type: broadcast, publish: 'user:local:' } }
		---
		handlers: { a: { type: broadcast, rate: 0 } }
		---
		handlers: { a: { type: broadcast, rate: { burst: 5 } } }
		---
		handlers: { a: { type: broadcast, overflow: drop } }
		---
		handlers: { a: { type: broadcast, log: loud } }
		---
		handlers: { a: { type: exec } }
		---
		handlers: { a: { type: exec, command: [cat], pool: 65 } }
		---
		handlers: { a: { type: exec, command: [cat], env: A } }
		---
		handlers:
		  a: { type: exec, command: [cat], restart: { mni: 1s } }
		---
		handlers: { a: { type: jq } }
		---
		handlers:
		  a: { type: jq, publish: { who: [nobody], prog: . } }
		---
		parameters: [a]
		---
		parameters: { a: [b] }
		---
	END
}

@test "good routing files fit, as far as wamp-routes has nothing to say" {
	local file n=0

	for file in "$ROOT"/tests/route/in/*.yml; do
		run wamp-routes -W "$file"
		[ "$status" -eq 0 ] || continue
		run -0 fits routes.json "$file"
		n=$((n + 1))
	done
	[ "$n" -ge 3 ]
	both_take wamp-routes routes.json <<-'END'
		a: { channel: 'a/{x}/{y}', handler: { callback: a },
		  requirements: { x: '\d+',
		    y: { pattern: '\d+', wildcard: true } } }
		b: { pattern: b, callback: b, options: { utf8: true } }
		c: { channel: 'c/{z}', handler: c, defaults: { z: 5 } }
		d: { channel: d, handler: d, requirements: [], defaults: ~ }
	END
}

@test "what is wrong in routing files is so for wamp-routes and the schema" {
	both_refuse wamp-routes routes.json <<-'END'
		[a]
		---
		a: b
		---
		a: { channel: a, handler: a, chanel: b }
		---
		a: { handler: a }
		---
		a: { channel: a }
		---
		a: { channel: a, pattern: a, handler: a }
		---
		a: { channel: a, handler: a, callback: a }
		---
		a: { channel: [a], handler: a }
		---
		a: { channel: a, handler: { args: [] } }
		---
		a: { channel: 'a/{b}', handler: a, requirements: { b: {} } }
		---
		a: { channel: 'a/{b}', handler: a, requirements: { b: [c] } }
		---
		a: { channel: 'a/{b}', handler: a, requirements: b }
		---
		a: { channel: 'a/{b}', handler: a, defaults: { b: [c] } }
		---
		a: { channel: a, handler: a, options: { utf8: maybe } }
		---
		a: { type: yaml }
		---
	END
}

@test "--schema needs and reads no file" {
	run -2 wamp-routes --schema x.yml
	assert_output 'wamp-routes: --schema takes no files'
	run -1 bash -c 'wampd --schema >/dev/full'
	run -1 bash -c 'wamp-routes --schema >/dev/full'
}
