#!/usr/bin/env bats
# wamp-routes(1): check, list, match, generate, print.

load helper

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	ORO=$ROOT/examples/websocket_routing.yml
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	test_end
}

# ---- check ----

@test "the example checks clean" {
	run -0 wamp-routes -W "$ORO"
	[ -z "$output" ]
}

@test "every fault of every file is reported on stdout, in order" {
	printf '%s\n' 'a: { chanel: x, handler: h }' 'b: 1' >a.yml
	echo "c: { channel: 'x/{y}', handler: h, requirements: { y: '(' } }" \
	    >b.yml
	run -1 --separate-stderr wamp-routes a.yml b.yml none.yml
	assert_line --index 0 --regexp \
	    '^a\.yml:1:1: error: .* has no channel.* \[missing-key\]$'
	assert_line --index 1 --regexp '^a\.yml:1:6: error: .*\[unknown-key\]$'
	assert_line --index 2 --regexp \
	    '^a\.yml:2:4: error: .*\[not-a-mapping\]$'
	assert_line --index 3 --regexp \
	    '^b\.yml:1:55: error: .*\[invalid-regex\]$'
	assert_line --index 4 --regexp \
	    '^none\.yml: error: .*\[unreadable-file\]$'
	[ "${#lines[@]}" -eq 5 ]
	[ -z "$stderr" ]
}

@test "warnings exit 0, and 1 with -W" {
	echo "a: { channel: x, handler: h, options: { own: 1 } }" >a.yml
	run -0 wamp-routes a.yml
	assert_output --partial 'warning: '
	assert_output --partial '[ignored-key]'
	run -1 wamp-routes -W a.yml
	assert_output --partial '[ignored-key]'
}

@test "warnings about imported files come behind those of the importing one" {
	mkdir folder
	echo "dup: { channel: 'x/{b}', handler: h }" >folder/b.yml
	cat >a.yml <<-'EOF'
		first: { channel: 'x/{a}', handler: h }
		all: { resource: folder }
		last: { channel: 'x/y', handler: h }
	EOF
	run -0 wamp-routes a.yml
	assert_line --index 0 --regexp '^a\.yml:3:18: .*\[shadowed-channel\]$'
	assert_line --index 1 --regexp \
	    '^folder/b\.yml:1:17: .* x/0 .*\[duplicate-channel\]$'
}

@test "diagnostics come as JSON, TSV and Markdown, too" {
	echo 'a: 1' >a.yml
	run -1 wamp-routes -f json a.yml
	[ "$(jq -r '.[] | "\(.file) \(.line + .column) \(.level) \(.rule)"' \
	    <<<"$output")" = 'a.yml 5 error not-a-mapping' ]
	run -1 wamp-routes -f tsv a.yml
	assert_output --regexp \
	    $'^a\\.yml\t1\t4\terror\tnot-a-mapping\t"a" must be [^\t]*$'
	run -1 wamp-routes -f md a.yml
	assert_line --index 0 '| file | line | column | level | rule | text |'
	assert_line --index 2 --partial '| a.yml | 1 | 4 | error |'
	run -0 wamp-routes -f json "$ORO"
	assert_output '[]'
}

@test "a hostile file is refused with a line" {
	{
		printf 'a: &a [x]\n'
		for _ in {1..200}; do
			printf '%s' '['
		done
	} >deep.yml
	run -1 wamp-routes deep.yml
	assert_output --regexp '^deep\.yml:[0-9]+:[0-9]+: error: .*\]$'
	head -c 3000 /dev/zero >zero.yml
	run -1 wamp-routes zero.yml
	assert_output --partial 'zero.yml:1:1: error: '
}

@test "a broken file does not hide what is doubtful in it" {
	cat >x.yml <<-'EOF'
		a: { channel: 'a/{x}', handler: h }
		b: { handler: h }
		c: { channel: 'a/{y}', handler: h }
	EOF
	run -1 wamp-routes x.yml
	assert_output --partial 'x.yml:2:1: error: '
	assert_output --partial 'x.yml:3:15: warning: '
	[ "${#lines[@]}" -eq 2 ]
	run -1 --separate-stderr wamp-routes -l x.yml
	[ -z "$output" ]
}

# ---- handlers ----

@test "--config reads its routing files and asks for their handlers" {
	mkdir etc
	cat >etc/wampd.yml <<-'EOF'
		routes: [routes.yml, more.yml]
		handlers:
		    known: { type: broadcast }
	EOF
	cat >etc/routes.yml <<-'EOF'
		a: { channel: a, handler: known }
		b: { channel: b, handler: unknown }
	EOF
	echo 'c: { channel: c, handler: known }' >etc/more.yml
	run -1 wamp-routes -c etc/wampd.yml
	assert_output --regexp \
	    '^etc/routes\.yml:2:1: error: .*"unknown".*\[unknown-handler\]$'
	[ "${#lines[@]}" -eq 1 ]
	run -1 wamp-routes -c etc/wampd.yml "$ORO"
	[ "${#lines[@]}" -eq 10 ]
	run -0 wamp-routes -c etc/wampd.yml -l
	[ "${#lines[@]}" -eq 3 ]
	echo '    bad: 1' >>etc/wampd.yml
	run -1 --separate-stderr wamp-routes -c etc/wampd.yml -l
	[ -z "$output" ]
	[[ $stderr == 'etc/wampd.yml:4:'* ]]
}

@test "--config without any handlers asks for them, as wampd" {
	echo "routes: ['$ORO']" >wampd.yml
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	[ "${#lines[@]}" -eq 10 ]
	run -1 wamp-routes -c wampd.yml
	[ "${#lines[@]}" -eq 10 ]
	echo 'handlers: { other: { type: broadcast } }' >>wampd.yml
	run -1 wampd -t -l 127.0.0.1:0 -c wampd.yml
	[ "${#lines[@]}" -eq 10 ]
	run -1 wamp-routes -c wampd.yml
	[ "${#lines[@]}" -eq 10 ]
	run -0 wamp-routes "$ORO"
	run -0 wampd -t -l 127.0.0.1:0 -r "$ORO"
}

@test "--services declares handlers" {
	cat >services.yml <<-'EOF'
		services:
		    topic.news:
		        class: 'Oro\Bundle\SyncBundle\Topic\BroadcastTopic'
		        arguments: ['news']
		        tags: [{ name: gos_web_socket.topic }]
	EOF
	echo 'a: { channel: a, handler: news }' >a.yml
	run -0 wamp-routes --services services.yml a.yml
	[ -z "$output" ]
	echo 'b: { channel: b, handler: olds }' >>a.yml
	run -1 wamp-routes --services services.yml a.yml
	assert_output --partial 'a.yml:2:1: error: '
}

@test "routing: legacy in the configuration chooses the grammar" {
	echo 'routes: r.yml' >wampd.yml
	echo 'routing: legacy' >>wampd.yml
	echo "a: { channel: 'a/{x}/b', handler: h }" >r.yml
	run -0 wamp-routes -c wampd.yml -m a//b
	assert_line --index 2 'attribute  x'
	echo 'routing: current' >wampd.yml
	run -1 wamp-routes -c wampd.yml -m a//b r.yml
	assert_line --index 0 --partial 'passed  a'
	echo 'routing: future' >wampd.yml
	run -1 wamp-routes -c wampd.yml r.yml
	assert_line --index 0 --regexp '^wampd\.yml:1:10: error: '
}

@test "the examples are clean" {
	local examples=$ROOT/examples

	run -0 wamp-routes -W "$examples"/{,handlers/}websocket_routing.yml
	[ -z "$output" ]
	run -0 wamp-routes -W -c "$examples/wampd.yml"
	[ -z "$output" ]
	run -0 wamp-routes -W -c "$examples/handlers/wampd.yml"
	[ -z "$output" ]
	run -0 wamp-routes -W --services "$examples/services.yml" "$ORO"
	[ -z "$output" ]
}

# ---- list ----

@test "-l lists name, channel and handler" {
	run -0 --separate-stderr wamp-routes -l "$ORO"
	[ "${#lines[@]}" -eq 10 ]
	assert_line --index 0 --regexp \
	    '^oro_sync\.ping +oro/ping +oro_sync\.ping$'
	run -0 wamp-routes -l -f tsv "$ORO"
	assert_line --index 0 $'oro_sync.ping\toro/ping\toro_sync.ping'
	run -0 wamp-routes -l -f md "$ORO"
	assert_line --index 0 '| name | pattern | handler |'
	[ "${#lines[@]}" -eq 12 ]
}

@test "-l as JSON has all of a route" {
	cat >a.yml <<-'EOF'
		"q|\"\t":
		    channel: 'x/{a<\d+>?1}'
		    handler: h
		    requirements: { b: { pattern: c, wildcard: true } }
	EOF
	run -0 wamp-routes -l -f json a.yml
	diff - <(jq '.[]' <<<"$output") <<-'EOF'
		{
		  "name": "q|\"\t",
		  "pattern": "x/{a}",
		  "handler": "h",
		  "file": "a.yml",
		  "line": 1,
		  "requirements": {
		    "a": "\\d+",
		    "b": "c|\\*"
		  },
		  "defaults": {
		    "a": "1"
		  },
		  "regex": "x(?:/(?P<a>\\d+))?"
		}
	EOF
	run -0 wamp-routes -l -f tsv a.yml
	assert_output $'q|"\\t\tx/{a}\th'
	run -0 wamp-routes -l -f md a.yml
	assert_line --index 2 '| q\|"\x09 | x/{a} | h |'
}

@test "a list of a file with faults is none" {
	echo 'a: 1' >a.yml
	run -1 --separate-stderr wamp-routes -l a.yml
	[ -z "$output" ]
	[[ $stderr == 'a.yml:1:4: error: '* ]]
	run -1 --separate-stderr wamp-routes -q -l a.yml
	[ -z "$output$stderr" ]
}

# ---- match ----

@test "-m tells route, handler and attributes" {
	run -0 --separate-stderr wamp-routes -m 'oro/email_event/7/*' "$ORO"
	assert_line --index 0 --regexp \
	    '^route +oro_email\.event +oro/email_event/\{user_id}/'
	assert_line --index 1 --regexp '^handler +oro_email\.event$'
	assert_line --index 2 --regexp '^attribute +user_id +7$'
	assert_line --index 3 --regexp '^attribute +organization_id +\*$'
	[ "${#lines[@]}" -eq 4 ]
	[ -z "$stderr" ]
}

@test "-m tells why earlier routes are passed over" {
	cat >a.yml <<-'EOF'
		number: { channel: 'x/{n<\d+>}', handler: h }
		other: { channel: 'y/{n}', handler: h }
		longer: { channel: 'x/{a}/{b}', handler: h }
		any: { channel: 'x/{a}', handler: h }
		later: { channel: 'x/{b}', handler: h }
	EOF
	run -0 wamp-routes -m x/abc -f tsv a.yml
	assert_line --index 0 $'route\tany\tx/{a}'
	assert_line --index 1 $'handler\th\t'
	assert_line --index 2 $'attribute\ta\tabc'
	assert_line --index 3 --partial 'requires \\d+, but there is "abc"'
	assert_line --index 4 --regexp $'^passed\tlonger\tthe topic ends '
	[ "${#lines[@]}" -eq 5 ]
}

@test "-m exits 1 when no route matches, and says why" {
	run -1 --separate-stderr wamp-routes -m oro/reminder_remind/me "$ORO"
	assert_output --regexp \
	    '^passed  oro_reminder\.remind  \{user_id} .*"me"$'
	[ "$stderr" = 'wamp-routes: no route matches oro/reminder_remind/me' ]
	run -1 --separate-stderr wamp-routes -q -m nowhere "$ORO"
	[ -z "$output$stderr" ]
}

# ---- generate ----

@test "-g prints the topic of a route" {
	run -0 --separate-stderr wamp-routes -g oro_email.event user_id=7 \
	    'organization_id=*' "$ORO"
	assert_output 'oro/email_event/7/*'
	[ -z "$stderr" ]
	run -0 --separate-stderr wamp-routes "$ORO" user_id=7 \
	    -g oro_reminder.remind other=1
	assert_output 'oro/reminder_remind/7'
	[[ $stderr == *'"oro_reminder.remind" has no parameter other' ]]
}

@test "-g says what is missing or does not fit" {
	run -1 --separate-stderr wamp-routes -g oro_email.event user_id=7 "$ORO"
	[ -z "$output" ]
	[[ $stderr == 'wamp-routes: '*' needs the parameter organization_id' ]]
	run -1 wamp-routes -g oro_reminder.remind user_id=x "$ORO"
	assert_output --partial 'user_id=x: the route'
	run -1 wamp-routes -g none "$ORO"
	assert_output 'wamp-routes: there is no route "none"'
	run -2 wamp-routes -g oro_reminder.remind user_id=1 user_id=2 "$ORO"
	assert_output 'wamp-routes: the parameter user_id is given twice'
}

@test "-g warns of a topic that does not come back to its route" {
	cat >a=b.yml <<-'EOF'
		small: { channel: 'x/{a<[a-z]+>}', handler: h }
		again: { channel: 'x/{b}', handler: h }
	EOF
	run -0 --separate-stderr wamp-routes -g again b=c ./a=b.yml
	assert_output 'x/c'
	[ "$stderr" = 'wamp-routes: the route "small" takes this topic first' ]
	sed -i 2d a=b.yml
	run -0 --separate-stderr wamp-routes -g small a=C ./a=b.yml
	assert_output 'x/C'
	[[ $stderr == *'no route matches this topic'* ]]
}

# ---- print ----

# routes_of ARGUMENT...: all there is to say, but where it stands.
routes_of() {
	wamp-routes -l -f json "$@" | jq -c 'del(.[].file, .[].line)'
}

@test "-p prints the same routes, and the same again" {
	local file legacy printed=0

	for file in "$ORO" "$ROOT"/tests/route/in/*.yml; do
		legacy=()
		[[ $file != */legacy_* ]] || legacy=(--legacy)
		wamp-routes -q -p "${legacy[@]}" "$file" >once.yml || continue
		wamp-routes -p "${legacy[@]}" once.yml >twice.yml
		diff once.yml twice.yml
		diff <(routes_of "${legacy[@]}" "$file") \
		    <(routes_of "${legacy[@]}" once.yml)
		: $((++printed))
	done
	[ "$printed" -ge 8 ]
}

@test "-p quotes what YAML would take for something else" {
	cat >a.yml <<-'EOF'
		"null":
		    channel: "é\t'\U0001F600\x7f/{x}"
		    handler: "yes"
		    defaults: { x: "~", y: "a: b # c" }
		    options: { utf8: true }
	EOF
	run -0 wamp-routes -p a.yml
	assert_output - <<-'EOF'
		'null':
		    channel: "\u00e9\u0009'\U0001f600\u007f/{x}"
		    handler: 'yes'
		    defaults:
		        'x': '~'
		        'y': 'a: b # c'
		    options:
		        utf8: true
	EOF
	wamp-routes -p a.yml >b.yml
	[ "$(routes_of a.yml)" = "$(routes_of b.yml)" ]
}

# ---- edges ----

@test "usage errors exit 2 with one line" {
	run -2 wamp-routes
	assert_output 'wamp-routes: need FILE, or --config'
	run -2 wamp-routes -l -p "$ORO"
	assert_output --partial 'exclude each other'
	run -2 wamp-routes -W -l "$ORO"
	assert_output --partial '-W is for checking only'
	run -2 wamp-routes -p -f json "$ORO"
	assert_output --partial '-f cannot be combined with -p'
	run -2 wamp-routes -f yaml "$ORO"
	assert_output --partial 'text, json, tsv, md'
	run -2 wamp-routes --legcay "$ORO"
	assert_output --partial 'did you mean --legacy?'
}

@test "a full disk is an error" {
	cp "$ORO" oro.yml
	run -1 bash -c 'wamp-routes -l oro.yml >/dev/full'
	assert_output --partial 'wamp-routes: cannot write to stdout: '
	echo 'a: 1' >a.yml
	run -1 bash -c 'wamp-routes a.yml >/dev/full'
	assert_output --partial 'wamp-routes: cannot write to stdout: '
}

@test "a reader that goes away ends it quietly" {
	local n

	for n in {1..20000}; do
		echo "r$n: { channel: t/$n, handler: h }"
	done >many.yml
	# shellcheck disable=SC2016	# of the inner shell
	run -141 bash -c 'wamp-routes -l many.yml | true; exit "$PIPESTATUS"'
	[ -z "$output" ]
}

# ---- the manual ----

@test "the manual has each rule that is reported" {
	local rule rules

	rules=$(grep -ohE '\[[a-z0-9-]+\]$' "$ROOT"/tests/route/ok/*.txt |
	    tr -d '[]' | sort -u)
	[ "$(wc -l <<<"$rules")" -gt 30 ]
	for rule in $rules; do
		grep -qE "^\.It Li (.* )?$rule( |$)" \
		    "$ROOT/man/wamp-routes.1"
	done
}

# ---- patterns ----

# Files that patterns find: each has a route of its name.
pattern_files() {
	local name

	mkdir -p site/b1/oro site/b2/oro 'odd[1]'
	for name; do
		echo "${name//\//.}: { channel: '$name', handler: h }" >"$name"
	done
}

# assert_routes "CHANNEL..." ARGUMENT...: these routes, in this order.
assert_routes() {
	local want=$1

	shift
	run -0 wamp-routes -l -f tsv "$@"
	assert_equal "$(cut -f 2 <<<"$output" | paste -sd ' ')" "$want"
}

@test "a file may be a pattern, whose files come in Symfony's order" {
	pattern_files site/{r1,r9,r10}.yml site/b{1,2}/oro/r.yml 'odd[1]/x.yml'
	assert_routes 'site/r1.yml site/r9.yml site/r10.yml' 'site/r*.yml'
	assert_routes 'site/r1.yml site/r9.yml' 'site/r[19].yml'
	assert_routes 'site/r1.yml site/r10.yml' 'site/r{10,1}.yml'
	assert_routes 'site/b1/oro/r.yml site/b2/oro/r.yml' 'site/?[0-9]/oro/*'
	assert_routes \
	    'site/b1/oro/r.yml site/b2/oro/r.yml site/r1.yml site/r10.yml'\
' site/r9.yml' 'site/**/r*.yml'
	assert_routes 'site/b1/oro/r.yml site/b2/oro/r.yml' \
	    'site/{**/oro,none}/r.yml'
	# One of that very name; then one that the list has already.
	assert_routes 'odd[1]/x.yml' 'odd[1]/x.yml'
	assert_routes 'site/r9.yml site/r1.yml site/r10.yml' \
	    ./site/r9.yml 'site/*.yml' 'site/r1?.yml'
}

@test "wampd.yml's routes and services take patterns, and so does -r" {
	pattern_files site/{r1,r9,r10}.yml
	mkdir 'odd[1]/services'
	cat >'odd[1]/services/a.yml' <<-'EOF'
		services:
		    a:
		        class: Oro\Bundle\SyncBundle\Topic\BroadcastTopic
		        arguments: [h]
		        tags: [gos_web_socket.topic]
	EOF
	printf '%s\n' 'routes: ["../site/r*.yml"]' \
	    'services: "services/*.yml"' >'odd[1]/wampd.yml'
	run -0 wamp-routes -c 'odd[1]/wampd.yml'
	refute_output
	run -0 wampd -t -c 'odd[1]/wampd.yml' -l 127.0.0.1:0
	refute_output
	wampd -T -c 'odd[1]/wampd.yml' >printed.yml
	run -0 grep '^routes:' printed.yml
	assert_output --regexp "r1\.yml', '.*r9\.yml', '.*r10\.yml'\]"
	wampd -T -c printed.yml >again.yml
	diff printed.yml again.yml
	run -0 wamp-routes --services 'odd[[]1]/services/*' 'site/*.yml'
	refute_output
	run -0 wampd -t -r 'site/*.yml' -l 127.0.0.1:0
	refute_output
}

@test "a pattern that finds nothing, or too much, is an error" {
	mkdir folder.yml
	run -1 wamp-routes 'none*.yml'
	assert_output 'wamp-routes: no file matches none*.yml'
	run -1 wamp-routes 'fold*.yml'
	assert_output 'wamp-routes: no file matches fold*.yml'
	run -1 wampd -t -r 'none*.yml' -l 127.0.0.1:0
	assert_output \
	    'command line: error: routes: no file matches none*.yml [bad-value]'
	run -1 wampd -l 127.0.0.1:0 -r 'none*.yml'
	assert_line --partial 'no file matches none*.yml'
	printf '%s\n' 'routes: "*.none"' 'services: ["a.none", "b*.none"]' \
	    >wampd.yml
	run -1 wamp-routes -c wampd.yml
	assert_line --partial 'wampd.yml:1:9: error: no file matches *.none'
	assert_line --partial 'wampd.yml:2:22: error: no file matches b*.none'
	run -1 wamp-routes "$(printf '{a,b}%.0s' {1..30})"
	assert_output --partial 'braces stand for too many patterns'
	run -1 wamp-routes "x{$(printf '{%.0s' {1..1000})"
	assert_output --partial 'no file matches x{{'
}

@test "-m takes the empty topic, which may have a route" {
	echo "a: { channel: '{x?1}', handler: h }" >a.yml
	run -0 wamp-routes -m '' a.yml
	assert_line 'attribute  x  1'
	run -1 wamp-routes -m '' "$ORO"
	assert_line --partial 'no route matches'
}

# ---- what authors of routing files do ----

@test "a route name that a later file takes is told, a file read twice not" {
	echo 'one: { channel: a, handler: h }' >a.yml
	printf '%s\n' '#' 'one: { channel: b, handler: h }' >b.yml
	run -0 wamp-routes a.yml b.yml
	assert_output --regexp \
	    '^b\.yml:2:1: warning: .*"one" of a\.yml:1 is dropped.*'\
'\[replaced-route\]$'
	run -0 wamp-routes a.yml a.yml
	refute_output
	echo 'all: { resource: "[ab].yml" }' >all.yml
	run -0 wamp-routes all.yml
	assert_output --partial 'b.yml:2:1: warning: '
	run -0 wamp-routes all.yml a.yml
	assert_output --partial 'a.yml:1:1: warning: '
	run -1 wamp-routes -W a.yml b.yml
}

# assert_other_file PLACE WORDS: x.yml is no routing file, in one line.
assert_other_file() {
	run -1 wamp-routes x.yml
	assert_output --regexp \
	    "^x\\.yml:$1: error: this looks like .*$2.* \\[other-file\\]\$"
	[ "${#lines[@]}" -eq 1 ]
	run -1 wampd -t -l 127.0.0.1:0 -r x.yml
	[ "${#lines[@]}" -eq 1 ]
}

@test "a file of another kind is one error" {
	echo '{"name": "a/b", "require": {"php": "^8"}, "x": {"y": 1}}' >x.yml
	assert_other_file 1:17 package
	printf '%s\n' 'services:' '  _defaults: { autowire: true }' >x.yml
	assert_other_file 1:1 'service file.*services:'
	cp "$ROOT/examples/services.yml" x.yml
	assert_other_file '[0-9]+:1' 'service file.*services:'
	cp "$ROOT/examples/wampd.yml" x.yml
	assert_other_file '[0-9]+:1' 'wampd.*option -c'
	echo 'services: [a.yml]' >x.yml
	assert_other_file 1:1 'wampd.*option -c'
	printf '%s\n' 'security:' '  firewalls: { main: ~ }' >x.yml
	assert_other_file 1:1 security
	printf '%s\n' 'gos_web_socket:' '  server: { port: 8080 }' >x.yml
	assert_other_file 1:1 bundles
	printf '%s\n' 'home: { path: /, controller: x }' \
	    'more: { resource: y.yml, type: annotation }' >x.yml
	assert_other_file 1:9 HTTP
	printf '%s\n' 'a: { resource: "@App/a.yml", prefix: /a }' >x.yml
	assert_other_file 1:30 HTTP
}

@test "a route may have any name, and its mistakes are its own" {
	printf '%s: { channel: %s, handler: h }\n' services a listen b \
	    security c require d parameters e >x.yml
	run -0 wamp-routes x.yml
	refute_output
	echo 'routes: { chanel: f, handler: h }' >>x.yml
	run -1 wamp-routes x.yml
	assert_line --partial 'x.yml:6:11: error: unknown key "chanel"'
}

@test "a routing file among the services is one error" {
	run -1 wamp-routes --services "$ORO" "$ORO"
	assert_output --partial '[other-file]'
	[ "${#lines[@]}" -eq 1 ]
	cp "$ROOT/examples/systemd/wampd.yml" x.yml
	run -1 wamp-routes --services x.yml "$ORO"
	assert_output --partial '[other-file]'
	[ "${#lines[@]}" -eq 1 ]
}
