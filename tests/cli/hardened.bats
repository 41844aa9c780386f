#!/usr/bin/env bats
# The programs are built as Debian hardens its packages.

load helper

setup() {
	test_begin
	case $(readlink -f "$BIN/wampd") in
	*/build/rel/bin/wampd) ;;
	*) skip 'another variant is built for tests' ;;
	esac
}

teardown() {
	test_end
}

# each_program COMMAND...: for the file of each.
each_program() {
	local program

	for program in "$BIN"/wamp*; do
		"$@" "$program" || {
			echo "failed for $program: $*"
			return 1
		}
	done
}

# What readelf says of it has this, or has not.
has() {
	readelf -W "$1" "$3" 2>&1 | grep -qE "$2"
}

lacks() {
	! has "$@"
}

@test "programs are loaded anywhere" {
	each_program has -h 'Type: +DYN'
	each_program has -d 'FLAGS_1.* PIE'
	each_program lacks -d 'TEXTREL|RPATH|RUNPATH'
}

@test "tables of functions cannot be written" {
	each_program has -l GNU_RELRO
	each_program has -d 'BIND_NOW|FLAGS_1.* NOW'
}

@test "data cannot be run" {
	each_program has -l 'GNU_STACK +.* RW +0x'
	each_program lacks -l 'LOAD .* RWE'
}

@test "buffers on the stack are guarded, and calls checked" {
	each_program has --dyn-syms ' __stack_chk_fail@'
	each_program has --dyn-syms ' __[a-z]*(printf|memcpy|read|cpy)_chk@'
}

# begins PATTERN PROGRAM: so does main().  The programs as a whole are not
# marked, because Debian's C library is not.
begins() {
	objdump -d --disassemble=main "$2" | grep -A 1 '<main>:$' |
	    grep -qE "$1"
}

@test "jumps go to marked places" {
	case $(uname -m) in
	x86_64) each_program begins endbr64 ;;
	aarch64) each_program begins 'bti|paciasp' ;;
	*) skip 'this machine marks none' ;;
	esac
}
