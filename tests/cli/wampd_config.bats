#!/usr/bin/env bats
# wampd(8): wampd.yml and routing files: what they set, -t, -T, and how
# errors in them are reported.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	test_end
}

# config TEXT...: write wampd.yml, one line an argument.
config() {
	printf '%s\n' "$@" >wampd.yml
}

# A start must fail with these places and rules in the output; -t too.
# The places are LINE:COLUMN in wampd.yml.
assert_faults() {
	local place

	run -1 timeout 30 wampd -t -c wampd.yml
	for place; do
		assert_output --partial "wampd.yml:$place: error: "
	done
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	for place; do
		assert_output --partial "wampd.yml:$place: error: "
	done
	[ ! -e "$WAMPD_CONTROL" ]
}

# effective ARGUMENT...: the configuration that -T prints, in $output.
effective() {
	run -0 --separate-stderr wampd -T "$@"
}

# ---- what the file sets ----

@test "-c sets what the options leave open" {
	config 'listen: ["127.0.0.1:0"]' "control: { path: $PWD/own.sock }" \
	    'compat: spec'
	broker_run -c wampd.yml
	WAMPD_CONTROL=$PWD/own.sock run -0 session '[5,"t/1"]' '[7,"t/1",1]' \
	    '[2,"1","wampd.info"]'
	assert_line --partial '[3,"1",'
	refute_line --partial '[8,'
}

@test "options override the file" {
	config 'listen: ["127.0.0.1:1"]' 'control: { path: /nowhere/sock }' \
	    'compat: spec' 'log: { level: error }'
	broker_start -c wampd.yml --compat oro
	run -0 session '[5,"t/1"]' '[7,"t/1",1]' '[2,"1","wampd.info"]'
	assert_line '[8,"t/1",1]'
	run -0 cat "$PORTS"
	refute_output --partial 'ws 127.0.0.1:1'$'\n'
}

@test "routes of the file are relative to the file" {
	mkdir etc
	echo 'r: { channel: known, handler: { callback: x } }' >etc/r.yml
	printf '%s\n' 'routes: [r.yml]' 'handlers: { x: { type: broadcast } }' \
	    >etc/wampd.yml
	broker_start -c etc/wampd.yml
	run -0 session '[5,"known"]' '[5,"unknown"]' '[7,"unknown",1]' \
	    '[7,"known",2]' '[2,"1","wampd.info"]'
	assert_line '[8,"known",2]'
	refute_line --partial '[8,"unknown"'
}

@test "limits: message bounds a message" {
	config 'limits: { message: 1KiB }'
	broker_start -c wampd.yml
	run -0 session "[5,\"$(printf '%02000d' 0)\"]" '[2,"1","wampd.info"]'
	refute_output --partial '[3,"1",'
}

@test "limits: depth bounds the nesting" {
	config 'limits: { depth: 4 }'
	broker_start -c wampd.yml
	run -0 session '[7,"t",[[[1]]]]' '[2,"1","wampd.info"]'
	assert_output --partial '[3,"1",'
	run -0 session '[7,"t",[[[[1]]]]]' '[2,"1","wampd.info"]'
	refute_output --partial '[3,"1",'
}

# ---- checking and printing ----

@test "-t accepts a good file silently and touches nothing" {
	config 'compat: spec' "control: { path: $PWD/run/c.sock }"
	run -0 wampd -t -c wampd.yml -l 127.0.0.1:0 --ports-file ports
	assert_output ''
	run -0 ls
	assert_output wampd.yml
}

@test "-t without a file accepts the defaults" {
	unset ORO_WEBSOCKET_SERVER_DSN
	run -0 wampd -t
	# Somebody else may have the port.
	[ -z "$output" ] || assert_output 'default: warning: cannot listen on '\
'127.0.0.1:8080: Address already in use [in-use]'
}

@test "-t works while a broker with the same sockets runs" {
	broker_start
	run -0 wampd -t -S "$WAMPD_CONTROL" -l "${WS_URL:5:-1}"
	run -0 session '[2,"1","wampd.info"]'
	assert_line --partial '[3,"1",'
}

@test "-T prints every key with its effective value" {
	local key

	config 'compat: spec' 'limits: { queue: 2MiB }'
	effective -c wampd.yml --log-level debug -l 127.0.0.1:4711
	for key in listen control compat on_violation unroutable routes \
	    limits keepalive log parameters handlers; do
		assert_line --regexp "^$key:"
	done
	assert_line --regexp "^compat: 'spec'"
	assert_output --partial "level: 'debug'"
	assert_output --partial '127.0.0.1:4711'
	assert_output --partial "queue: '2MiB'"
	[ -z "$stderr" ]
	run -0 ls
	assert_output wampd.yml
}

@test "what -T prints reads back to the same configuration" {
	local first

	config 'compat: spec' 'unroutable: close' 'keepalive: 1500ms' \
	    "control: { path: \"$PWD/odd: name.sock\", mode: \"0600\" }" \
	    'listen: ["127.0.0.1:0", "[::1]:8080"]' \
	    'limits: { message: 3000, depth: 7, queue: 1MiB }'
	effective -c wampd.yml
	first=$output
	echo "$first" >again.yml
	effective -c again.yml
	[ "$output" = "$first" ]
}

# All there is, in a folder of its own, with texts that need care.
whole_configuration() {
	mkdir -p etc
	echo 'r: { channel: t, handler: "oro.ping" }' >etc/r.yml
	cat >etc/s.yml <<-'END'
		services:
		    a:
		        class: Oro\Bundle\SyncBundle\Topic\WebsocketPingTopic
		        arguments: [oro.ping, '%"sec#onds%']
		        tags: [{ name: gos_web_socket.topic }]
		    b:
		        class: Oro\Bundle\SyncBundle\Topic\SecuredTopic
		        arguments: ["x\ny: z #\u2028"]
		        tags: [{ name: gos_web_socket.topic }]
	END
	cat >etc/wampd.yml <<-'END'
		listen: ["unix:a b.sock", "[::1]:8080"]
		control: { path: "it's: \ncontrol", mode: 0600 }
		compat: spec
		routes: r.yml
		services: [s.yml]
		limits: { stall: 0.5, queue: 2M }
		keepalive:
		maintenance: { topic: "\u00fc\t\"'\\ \U0001F600" }
		state_dir: ../state
		parameters: { '"sec#onds': 7, ~empty: "", "null": ~ }
		handlers:
		    bro: { type: broadcast, retain: true, publish: [] }
		    "\x07~ # \u0085": { type: secured, wildcard: true }
		    ping: { type: ping, interval: 1m, message: "a\n\"b" }
		    jq:
		        type: jq
		        subscribe: local
		        publish: |

		            # zwölf
		            .event |
		              {event: .}
		        call: { who: [user:a b], program: "1 # it's\n\n" }
		    exec:
		        type: exec
		        command: cat | sed "s/'/x/"
		        cwd: run/x
		        env: { A: '', B: "x=\n y \u0001" }
		        rate: { events: 3, burst: 4 }
		        max_size: 3k
		        log: warning
		        restart: { max: 1h }
		    list: { type: exec, command: [./a, '', "- \n"], pool: 3 }
	END
}

@test "what -T prints means the same in any folder, and prints the same" {
	whole_configuration
	mkdir -p else/where
	wampd -T -c etc/wampd.yml >else/where/once.yml
	(cd else && wampd -T -c where/once.yml >twice.yml)
	diff else/where/once.yml else/twice.yml
	run -0 cat else/twice.yml
	assert_line --partial "path: \"$PWD/etc/it's: \\u000acontrol\""
	assert_line --partial "state_dir: '$PWD/etc/../state'"
	assert_line "    cwd: '$PWD/etc/run/x'"
	assert_line "  #  'oro.ping':"
	assert_line '  #    interval: 7000ms'
}

@test "-T prints what a file cannot hold as an error" {
	run -1 --separate-stderr wampd -T -r $'\xff.yml'
	[ -z "$output" ]
	[[ $stderr == 'wampd: routes: '* ]]
}

@test "ORO_WEBSOCKET_SERVER_DSN listens where nothing else says it" {
	local -x ORO_WEBSOCKET_SERVER_DSN="//0.0.0.0:81/ws?a=b"

	effective
	assert_line --partial "listen: ['0.0.0.0:81']"
	ORO_WEBSOCKET_SERVER_DSN=tcp://localhost effective
	assert_line --partial "listen: ['localhost:8080']"
	ORO_WEBSOCKET_SERVER_DSN='tcp://[::1]/ws' effective
	assert_line --partial "listen: ['[::1]:8080']"
	effective -l '[::1]:82'
	assert_line --partial "listen: ['[::1]:82']"
	ORO_WEBSOCKET_SERVER_DSN=//localhost:http run -1 wampd -t
	assert_output --partial 'ORO_WEBSOCKET_SERVER_DSN: error: listen: '
}

# ---- errors in the file ----

@test "an unknown key is an error at its place" {
	config 'compat: oro' 'colour: red'
	assert_faults 2:1
	assert_output --partial colour
}

@test "an unknown key within a group is an error at its place" {
	config 'limits:' '  depth: 5' '  dept: 5'
	assert_faults 3:3
}

@test "an unknown key is told with those that may stand there" {
	config 'tls: { crt: x }' 'colour: red'
	run -1 wampd -t -c wampd.yml
	assert_line --partial 'no key "tls.crt": write one of cert, key, '\
'client_ca, client_cert, principals, hsts ['
	assert_line --regexp 'no key "colour": write one of listen, .*, '\
'control, tls, .*compat, .*, log, parameters, handlers \['
}

@test "a value of the wrong type is an error at its place" {
	config 'listen: { a: b }' 'limits: 5' 'compat: [oro]' \
	    'keepalive: soon'
	assert_faults 1:9 2:9 3:9 4:12
}

@test "a value outside its bounds is an error at its place" {
	config 'limits:' '  depth: 0' '  message: 1XiB' '  sessions: -1' \
	    'compat: autobahn' 'control: { mode: "0999" }'
	assert_faults 2:10 3:12 4:13 5:9 6:18
}

@test "a key given twice is an error" {
	config 'compat: oro' 'compat: spec'
	assert_faults 2:1
}

@test "broken YAML is an error at its place" {
	config 'compat: oro' 'listen: [' 'x: }'
	run -1 wampd -t -c wampd.yml
	assert_output --regexp 'wampd\.yml:[23]:[0-9]+: error: '
}

@test "what YAML takes for something else is told with the remedy" {
	config 'listen: [::1]:8080'
	assert_faults 1:10
	assert_output --partial 'quote what starts with [ and has colons'
	config 'listen: ["127.0.0.1:0", [::1]:8080]'
	assert_faults 1:26
	assert_output --partial 'quote what starts with [ and has colons'
	config 'listen: *:8080'
	assert_faults 1:10
	assert_output --partial 'quote what starts with *'
	config 'routes: [%kernel.project_dir%/routes.yml]'
	assert_faults 1:10
	assert_output --partial 'quote what starts with %'
	config 'state_dir: @state'
	assert_faults 1:12
	assert_output --partial 'quote what starts with @'
}

@test "a file that is a list is an error" {
	config '- a' '- b'
	assert_faults 1:1
}

@test "an empty file sets nothing" {
	: >wampd.yml
	run -0 wampd -t -c wampd.yml
	assert_output ''
}

@test "a file that cannot be read is an error that names it" {
	run -1 wampd -t -c none.yml
	assert_output --partial 'none.yml'
	assert_output --partial 'No such file'
	run -1 wampd -t -c .
	assert_output --partial 'Is a directory'
}

@test "a group that does not exist is an error" {
	config 'control: { group: no-such-group-here }'
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	assert_output --partial no-such-group-here
}

@test "a state_dir that cannot be written to is an error at the start" {
	config 'state_dir: state' "control: { path: $PWD/own.sock }"
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	assert_output 'wampd.yml:1:12: error: state_dir: state: No such file'\
' or directory [cannot-write]'
	run -1 timeout 30 wampd -l 127.0.0.1:0 -c wampd.yml
	assert_line --partial 'state_dir: state: No such file'
	[ ! -e own.sock ]
	mkdir state
	broker_run -c wampd.yml -l 127.0.0.1:0
}

# assert_finds PATTERN ARGUMENT...: -t fails with one line like that.
assert_finds() {
	local pattern=$1

	shift
	run -1 wampd -t -l 127.0.0.1:0 "$@"
	assert_output --regexp "$pattern"
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e own.sock ]
}

@test "-t finds what a start would not find on this machine" {
	touch file
	mkdir folder
	config 'listen: ["127.0.0.1:0", "198.51.100.1:0"]'
	run -1 wampd -t -c wampd.yml
	assert_output --regexp '^wampd\.yml:1:25: error: cannot listen on '\
'198\.51\.100\.1:0: .*\[cannot-listen\]$'
	assert_finds 'error: cannot listen on no/where/own.sock: ' \
	    -S no/where/own.sock
	assert_finds 'error: file exists and is not a socket' -S file
	assert_finds 'error: cannot listen on file/own.sock: ' \
	    -S file/own.sock
	assert_finds 'error: cannot listen on no/where/x: ' \
	    -l unix:no/where/x
	assert_finds '^command line: error: --ports-file: ' \
	    --ports-file none/ports
	assert_finds '^command line: error: --ports-file: ' \
	    --ports-file folder
	: >wampd.yml
	run -0 wampd -t -l 127.0.0.1:0 -S new/own.sock --ports-file /dev/null
	refute_output
	[ ! -e new ]
}

@test "-t finds that there is no host of that name" {
	run -1 wampd -t -l no.such.host.invalid:0
	assert_output --regexp \
	    '^command line: error: cannot listen on no\.such\.host\.invalid:0'
}

@test "-t lists all faults of the machine in one run" {
	config 'listen: ["198.51.100.1:0", "tls:203.0.113.1:0"]' \
	    'tls: { cert: no.pem, key: no.key }' \
	    'control: { path: no/where/own.sock }' 'state_dir: state' \
	    'maintenance: { lock_file: none/lock }'
	run -1 wampd -t -c wampd.yml --ports-file none/ports
	assert_line --regexp '^wampd\.yml:1:10: error: .*198\.51\.100\.1'
	assert_line --regexp '^wampd\.yml:1:28: error: .*203\.0\.113\.1'
	assert_line --regexp '^wampd\.yml:2:14: error: tls\.cert: no\.pem: '
	assert_line --regexp '^wampd\.yml:2:27: error: tls\.key: no\.key: '
	assert_line --regexp '^wampd\.yml:3:18: error: .*own\.sock'
	assert_line --regexp '^wampd\.yml:4:12: error: state_dir: state: '
	assert_line --regexp \
	    '^wampd\.yml:5:27: warning: maintenance\.lock_file: '
	assert_line --partial 'error: --ports-file: '
	[ "${#lines[@]}" -eq 8 ]
}

@test "an address that is taken is a warning, but for a wampd's own" {
	broker_start
	run -0 wampd -t -S own.sock -l "${WS_URL:5:-1}"
	assert_output --regexp \
	    '^command line: warning: cannot listen on .*\[in-use\]$'
	run -0 wampd -t -l "${WS_URL:5:-1}"
	refute_output
}

@test "errors in all routing files are reported with their places" {
	printf '%s\n' 'a:' '  channel: x' '  handler: { callback: y }' \
	    '  colour: red' >one.yml
	printf '%s\n' 'b:' '  handler: { callback: y }' 'c:' \
	    "  channel: 'n/{id}'" '  handler: { callback: y }' \
	    "  requirements: { id: { pattern: '(' } }" >two.yml
	run -1 wampd -t -r one.yml -r two.yml
	assert_output --partial 'one.yml:4:3: error: '
	assert_output --regexp 'two\.yml:1:1: error: .*channel'
	assert_output --regexp 'two\.yml:6:[0-9]+: error: '
}

@test "a routing file that is missing is an error that names it" {
	run -1 wampd -t -r none.yml
	assert_output --partial 'none.yml'
}

# ---- programs of handlers ----

# exec_handler LINES...: a handler h of type exec.
exec_handler() {
	echo 'h: { channel: h, handler: h }' >routing.yml
	config 'routes: [routing.yml]' 'handlers:' '  h:' '    type: exec' "$@"
}

@test "a folder is no program" {
	exec_handler "    command: [$BATS_TEST_TMPDIR]"
	run -0 wampd -t -c wampd.yml
	assert_output --partial "command $BATS_TEST_TMPDIR: Permission denied"
	mkdir program
	exec_handler '    command: [./program]'
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'command ./program: Permission denied'
	exec_handler '    command: [program]' "    env: { PATH: '.' }"
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'command program: No such file'
}

@test "a program or folder that is not there is a warning at its place" {
	exec_handler '    command: [no-such-program]'
	run -0 wampd -t -c wampd.yml
	assert_output 'wampd.yml:3:3: warning: the handler "h": command '\
'no-such-program: No such file or directory [cannot-start]'
	exec_handler '    command: [./h]'
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'command ./h: No such file'
	touch h
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'command ./h: Permission denied'
	exec_handler '    command: [true]' '    cwd: none'
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'cwd ./none: No such file'
	exec_handler '    command: [true]' '    cwd: wampd.yml'
	run -0 wampd -t -c wampd.yml
	assert_output --partial 'cwd ./wampd.yml: Not a directory'
}

@test "a program that is there is found as the child will find it" {
	mkdir run run/bin
	printf '#!/bin/sh\n' >run/bin/h
	chmod +x run/bin/h
	exec_handler '    command: [true]'
	run -0 wampd -t -c wampd.yml
	refute_output
	exec_handler '    command: [bin/h]' '    cwd: run'
	run -0 wampd -t -c wampd.yml
	refute_output
	exec_handler '    command: [h]' '    cwd: run' \
	    '    env: { PATH: "/none:bin" }'
	run -0 wampd -t -c wampd.yml
	refute_output
	exec_handler '    command: [h]' "    env: { PATH: $PWD/run/bin }"
	run -0 wampd -t -c wampd.yml
	refute_output
}

@test "a script needs the program that its first line names" {
	exec_handler '    command: ./h'
	# first_line LINE: what is said of a script that begins so
	first_line() {
		printf '%b\n' "$1" >h
		chmod +x h
		run -0 wampd -t -c wampd.yml
	}
	first_line '#!/none/php -n'
	assert_output 'wampd.yml:3:3: warning: the handler "h": command '\
'./h: its first line names /none/php: No such file or directory [cannot-start]'
	first_line '#! /usr/bin/env  no-such-program \t'
	assert_output --partial 'names no-such-program: No such file'
	first_line '#!/bin/sh\r'
	assert_output --partial 'names /bin/sh'
	first_line "#!$BATS_TEST_TMPDIR"
	assert_output --partial 'Permission denied'
	first_line '#!./h.sh'
	assert_output --partial 'names ./h.sh: No such file'
	for line in '#!/bin/sh' '#! /bin/sh -eu' '#!/usr/bin/env bash' \
	    '#!/usr/bin/env -S no-such-program' '#!/usr/bin/env A=1' \
	    '#!/usr/bin/env' '#!' '#' '' '#no/such/file'; do
		first_line "$line"
		refute_output
	done
	rm h
	mkfifo -m 700 h
	run -0 wampd -t -c wampd.yml
	refute_output
}

@test "-t says what routes hardly mean, and is content with them" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s:\n    channel: %s\n    handler: { callback: h }\n' \
	    a 'a/*' b "b/{\$user}" >r.yml
	printf '%s\n' 'routes: r.yml' 'handlers: { h: { type: broadcast } }' \
	    >wampd.yml
	run -0 wampd -t -c wampd.yml
	assert_line --partial 'r.yml:2:14: warning: '
	assert_line --partial '[literal-wildcard]'
	assert_line --partial '[literal-braces]'
	run -0 --separate-stderr wampd -T -c wampd.yml
	[ -z "$stderr" ]
}
