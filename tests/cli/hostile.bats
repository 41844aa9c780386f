#!/usr/bin/env bats
# Hostile files: each gets clear errors with a place, in bounded time and
# memory, whether it is a configuration, a routing or a service file.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	: >empty.yml
}

teardown() {
	test_end
}

# Half a gigabyte for all.
bounded() {
	is_sanitized || ulimit -v 524288
	timeout 60 "$@"
}

# assert_refused PLACE...: the file x.yml in each of its roles: status 1, an
# error at each place (LINE:COLUMN), and no long list of other words.
assert_refused() {
	local place
	local -a roles=(
		'wampd -t -c x.yml'
		'wampd -t -r x.yml'
		'wampd -t -c services.yml'
		'wamp-routes x.yml'
		'wamp-routes --legacy x.yml'
		'wamp-routes --config x.yml'
		'wamp-routes --services x.yml empty.yml'
	)
	local role

	echo 'services: [x.yml]' >services.yml
	for role in "${roles[@]}"; do
		# shellcheck disable=SC2086
		run -1 bounded $role
		for place; do
			assert_line --regexp "^x\\.yml$place: error: .+\]\$"
		done
		[ "${#lines[@]}" -le 1002 ]
		[ "${#output}" -le 600000 ]
	done
}

# repeated TEXT COUNT
repeated() {
	awk -v text="$1" -v n="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}

@test "an alias inside its own anchor is an error" {
	echo 'a: &a [1, *a]' >x.yml
	assert_refused :1:11
}

@test "an alias bomb is refused without its billion values" {
	local i

	{
		echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
		for i in {1..20}; do
			printf 'a%d: &a%d [' "$i" "$i"
			repeated "*a$((i - 1)), " 10
			echo ']'
		done
		printf '%s\n' 'parameters: *a20' 'services: *a20' \
		    'handlers: *a20' 'routes: *a20' 'listen: *a20'
	} >x.yml
	run -1 bounded wampd -t -c x.yml
	assert_line --partial 'x.yml:21:6: error: handlers must be a mapping'
	assert_line --partial 'x.yml:20:6: error: routes needs a text or a list'
	[ "${#lines[@]}" -lt 30 ]
	run -1 bounded wamp-routes x.yml
	assert_line --partial 'x.yml:21:6: error: '
	run -1 bounded wamp-routes --services x.yml empty.yml
	assert_line --partial 'x.yml:21:6: error: '
}

@test "a long text in a thousand handlers is refused" {
	local i

	{
		printf 'parameters: { p: &p "'
		repeated x 1000000
		printf '" }\nhandlers:\n'
		for i in {1..1000}; do
			echo "  h$i: { type: ping, message: *p }"
		done
	} >x.yml
	run -1 bounded wampd -t -c x.yml
	assert_line --partial 'x.yml: error: not enough memory for the handlers'
}

@test "values of a megabyte are refused in a short message" {
	local key end

	for key in compat ident keepalive routes listen state_dir \
	    control.group control.path log.level limits.depth; do
		{
			case $key in
			*.*)	echo "${key%.*}: {"; end=' }' ;;
			*)	echo; end= ;;
			esac
			key=${key#*.}
			printf '%s: "' "$key"
			repeated y 1048576
			printf '"%s\n' "$end"
		} >x.yml
		run -1 bounded wampd -t -c x.yml
		assert_line --regexp "^x\.yml:2:$((${#key} + 3)): error: "
		[ "${#lines[@]}" -eq 1 ]
		[ "${#output}" -le 2000 ]
	done
}

@test "a jq program of a megabyte is refused at once" {
	{
		printf 'handlers: { a: { type: jq, call: ".'
		repeated ',.' 524288
		printf '" } }'
	} >x.yml
	run -1 bounded wampd -t -c x.yml
	assert_line --regexp '^x\.yml:1:34: error: call: .*\[too-large\]$'
	run -1 bounded wamp-routes --config x.yml
	assert_line --regexp '^x\.yml:1:34: error: call: .*\[too-large\]$'
}

@test "a jq program of open brackets is refused" {
	{
		printf 'handlers: { a: { type: jq, call: "'
		repeated '[' 60000
		printf '" } }'
	} >x.yml
	run -1 bounded wampd -t -c x.yml
	assert_line --regexp '^x\.yml:1:34: error: call .*\[bad-program\]$'
}

@test "a key of a megabyte is refused" {
	{
		printf '"'
		repeated k 1048576
		printf '": 1'
	} >x.yml
	assert_refused :1:1048579
}

@test "10000 levels are refused" {
	{
		printf 'a: '
		deep 10000
	} >x.yml
	assert_refused :1:67
	repeated '{a: ' 10000 >x.yml
	assert_refused :1:257
	repeated '- ' 10000 >x.yml
	assert_refused :1:129
}

@test "a tab as indentation is an error" {
	printf 'a:\n\tb: c\n' >x.yml
	assert_refused :2:1
}

@test "a key that is given twice is an error, how deep ever" {
	printf '%s\n' 'a: 1' 'b: { c: { d: 1, e: 2, d: 1 } }' 'a: 1' >x.yml
	assert_refused :2:23 :3:1
	printf '%s\n' 'handlers:' '  a: { type: exec, command: x,' \
	    '    env: { A: 1, A: 2 }, env: {} }' '  a: { type: ping }' >x.yml
	assert_refused :3:18 :3:26 :4:3
}

@test "bytes that are no text are errors at their place" {
	printf 'a: b\nc: \xff\xfe\n' >x.yml
	assert_refused :2:4
	printf 'a: b\n\0\n' >x.yml
	assert_refused :2:1
	printf 'a: b\nc: "d\\0"\n' >x.yml
	assert_refused :2:4
	printf '\x7fELF\x02\x01\x01\0' >x.yml
	assert_refused :1:1
}

@test "100000 faults are reported in a thousand lines" {
	seq -f 'k%.0f: 1' 100000 >x.yml
	run -1 bounded wampd -t -c x.yml
	assert_line --index 999 --regexp '^x\.yml:1000:1: error: '
	[ "${#lines[@]}" -le 1001 ]
	run -1 bounded wamp-routes x.yml
	assert_line --index 999 --regexp '^x\.yml:1000:'
	[ "${#lines[@]}" -le 1001 ]
}

@test "a file without end is not read to its end" {
	ln -s /dev/zero x.yml
	assert_refused ''
	assert_output --partial 'larger than 16777216 bytes'
}

@test "a folder, a missing and an unreadable file are errors that say so" {
	mkdir x.yml
	assert_refused ''
	assert_output --partial 'Is a directory'
	rmdir x.yml
	assert_refused ''
	assert_output --partial 'No such file'
	[ "$(id -u)" -ne 0 ] || skip 'root reads everything'
	install -m 0 /dev/null x.yml
	assert_refused ''
	assert_output --partial 'Permission denied'
}

@test "an empty file declares nothing" {
	echo 'services: [empty.yml]' >services.yml
	run -0 wampd -t -c empty.yml -r empty.yml
	[ -z "$output" ]
	run -0 wampd -t -c services.yml
	[ -z "$output" ]
	run -0 wamp-routes --config empty.yml --services empty.yml empty.yml
	[ -z "$output" ]
}

@test "a file that is named 50000 times is read once" {
	{
		printf 'services: ['
		repeated 'empty.yml, ' 50000
		printf ']\nroutes: ['
		repeated 'empty.yml, ' 50000
		printf ']\n'
	} >x.yml
	run -0 bounded wampd -t -c x.yml
	[ -z "$output" ]
	run -0 bounded wamp-routes --config x.yml
	[ -z "$output" ]
}

# routes_end [RULE]: wamp-routes has done with x.yml in time, and says that.
routes_end() {
	run bounded wamp-routes x.yml
	[ "$status" -le 1 ]
	[ -z "${1-}" ] || assert_output --partial "[$1]"
}

@test "no requirement or channel takes the square of its length, or more" {
	local core

	for core in '' '(?=a)' '\b' 'a{0}'; do
		printf "a: { channel: 'x/{p}', handler: h, " >x.yml
		printf "requirements: { p: '%s%s%s' } }\n" \
		    "$(repeated '(' 31)" "$core" "$(repeated ')+' 31)" >>x.yml
		routes_end
	done
	for core in '{a<' '{a<>' '{a?' '{a' '{'; do
		printf "a: { channel: '%s', handler: h }\n" \
		    "$(repeated "$core" 250000)" >x.yml
		routes_end
	done
	printf "a: { channel: '%s', handler: h }\n" "$(awk 'BEGIN {
		while (n++ < 100000) printf "{a%d<b>}/", n }')" >x.yml
	routes_end too-many-parameters
}

@test "imports of imports do not multiply what they override" {
	awk 'BEGIN {
		for (i = 0; i < 31; i++) {
			printf "i: { resource: %d.yml, requirements: {",
			    i + 1 >(i ".yml")
			for (k = 0; k < 32; k++)
				printf "k%d_%d: a, ", i, k >(i ".yml")
			print "} }" >(i ".yml")
		}
		while (n++ < 10000)
			print "r" n ": { channel: \047c" n "/{x}\047, " \
			    "handler: h }" >"31.yml"
	}'
	run -0 bounded wamp-routes 0.yml
	refute_output
}

@test "routes that all match alike are not all tried on all" {
	awk 'BEGIN { while (n++ < 10000) print n ": { channel: " \
		"\047{a}/{b}/x" n "\047, handler: h, requirements: " \
		"{ a: \047.*\047, b: \047.*\047 } }" }' >x.yml
	routes_end unchecked
}
