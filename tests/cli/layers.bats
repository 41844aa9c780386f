#!/usr/bin/env bats
# tests/layers.awk and tests/circles find what they are for, in a tree of small
# sources.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "${BATS_TEST_DIRNAME%/cli}" tests
}

teardown() {
	test_end
}

# source_of FILE [LINE...]: write it, with an object below build/.  It is C of
# 1989, in which a function may be called that is not declared.
source_of() {
	mkdir -p "${1%/*}" "build/${1%/*}"
	printf '%s\n' "${@:2}" >"$1"
	gcc -std=c89 -w -c -o "build/${1%.c}.o" "$1"
}

# includes FILE HEADER: check a file that includes it.
includes() {
	mkdir -p "${1%/*}"
	printf '#include "%s"\n' "$2" >"$1"
	awk -f tests/layers.awk "$1"
}

# circles: check all these objects.
circles() {
	local objects

	mapfile -t objects < <(find build -name '*.o' | sort)
	tests/circles build "${objects[@]}"
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
		run -1 includes "${pair%=*}" "${pair#*=}"
		assert_output "${pair%=*}:1: \"${pair#*=}\" is from a layer \
above, or a neighbour [layers]"
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

@test "a library that is included outside its place is found" {
	mkdir -p src/wampd/core
	echo '#include <uv.h>' >src/wampd/core/a.h
	run -1 awk -f tests/layers.awk src/wampd/core/a.h
	assert_output \
	    'src/wampd/core/a.h:1: <uv.h> does not belong here [layers]'
	mkdir -p src/wampd/net
	echo '#include <uv.h>' >src/wampd/net/a.h
	run -0 awk -f tests/layers.awk src/wampd/net/a.h
	refute_output
}

@test "a source that includes its own header late is found" {
	mkdir -p lib/base
	touch lib/base/a.h
	printf '#include <%s>\n#include "base/a.h"\n' stdio.h >lib/base/a.c
	run -1 awk -f tests/layers.awk lib/base/a.c
	assert_line 'lib/base/a.c:1: "base/a.h" must be included first [layers]'
}
