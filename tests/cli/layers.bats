#!/usr/bin/env bats
# tests/layers.awk and tests/circles: that they find what they are for, in a
# tree of small sources.  They also name entries of their lists that are not
# needed there, which is no concern of these tests.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "${BATS_TEST_DIRNAME%/cli}" tests
}

teardown() {
	test_end
}

# source_of FILE [LINE...]: write it, with an object below build/.
source_of() {
	mkdir -p "${1%/*}" "build/${1%/*}"
	printf '%s\n' "${@:2}" >"$1"
	gcc -w -c -o "build/${1%.c}.o" "$1"
}

# includes FILE HEADER: what is said of that line.
includes() {
	mkdir -p "${1%/*}"
	printf '#include "%s"\n' "$2" >"$1"
	awk -f tests/layers.awk "$1" | grep "^$1:1: " || true
}

# circles: what is said of all these objects; whether that is nothing.
circles() {
	local objects said status=0

	mapfile -t objects < <(find build -name '*.o' | sort)
	said=$(tests/circles build "${objects[@]}") || status=$?
	[ "$status" -le 1 ] || return "$status"
	[ -n "$said" ] || return 0
	grep -v 'take it off the list' <<<"$said" || true
	! grep -q -v 'take it off the list' <<<"$said"
}

@test "an include of what is below is allowed" {
	run -0 includes lib/route/a.h base/buf.h
	refute_output
	run -0 includes src/wampd/net/a.h wampd/core/session.h
	refute_output
	run -0 includes src/wampd/config/a.h wampd/core/settings.h
	refute_output
	run -0 includes src/wampd/main.c wampd/net/ws.h
	refute_output
	run -0 includes src/wamp-pub.c pub/event.h
	refute_output
}

@test "an include of what is above or beside is not" {
	local pair

	for pair in lib/base/a.h=proto/json.h lib/client/a.h=pub/event.h \
	    src/pub/a.h=sub/take.h src/wamp-pub.c=sub/take.h \
	    src/wampd/core/a.h=wampd/net/ws.h \
	    src/wampd/core/a.h=wampd/server.h \
	    src/wampd/core/a.h=wampd/config/config.h \
	    src/wampd/admin/a.h=wampd/handlers/exec.h \
	    src/wampd/config/a.h=wampd/core/session.h \
	    src/wampd/unheard_of/a.h=base/buf.h; do
		run -0 includes "${pair%=*}" "${pair#*=}"
		assert_output --partial \
		    "\"${pair#*=}\" is from a layer above, or a neighbour"
	done
}

@test "calls downward are in order" {
	source_of lib/base/a.c 'int a(void) { return 1; }'
	source_of src/wampd/core/b.c 'int b(void) { return a(); }'
	source_of src/wampd/net/c.c 'int c(void) { return a() + b(); }'
	run -0 circles
	refute_output
}

@test "a call upward is found without any include" {
	source_of src/wampd/core/a.c 'int a(void) { return b(); }'
	source_of src/wampd/net/b.c 'int b(void) { return 1; }'
	run -1 circles
	assert_line --partial \
	    'src/wampd/core/a uses b of src/wampd/net/b, from above'
}

@test "data of a neighbour is found as well" {
	source_of src/wampd/admin/a.c 'extern int b; int a(void) { return b; }'
	source_of src/wampd/net/b.c 'int b = 1;'
	run -1 circles
	assert_line --partial \
	    'src/wampd/admin/a uses b of src/wampd/net/b, from above'
}

@test "circles are told apart, with the names that tie them" {
	source_of lib/base/a.c 'int a(void) { return b(); }'
	source_of lib/base/b.c 'int b(void) { return c(); }'
	source_of lib/base/c.c 'int c(void) { return a() + d(); }'
	source_of lib/base/d.c 'int d(void) { return e(); }'
	source_of lib/base/e.c 'int e(void) { return d() + f(); }'
	source_of lib/base/f.c 'int f(void) { return 1; }'
	run -1 circles
	assert_line 'circle of 3: lib/base/a lib/base/b lib/base/c [circles]'
	assert_line '    lib/base/c -> lib/base/a: a'
	assert_line 'circle of 2: lib/base/d lib/base/e [circles]'
	refute_line --partial 'lib/base/f'
}

@test "programs do not mix, although they use the same names" {
	source_of src/pub/a.c 'int a(void) { return common(); }'
	source_of src/pub/b.c 'int common(void) { return 1; }'
	source_of src/sub/b.c 'int common(void) { return a(); }' \
	    'int a(void) { return 1; }'
	run -0 circles
	refute_output
}

@test "objects that have nothing to do with each other are no proof" {
	source_of lib/base/a.c 'int a(void) { return 1; }'
	run -1 circles
	assert_line --partial 'no object uses another'
}
