#!/usr/bin/env bats
# What -h and --help show, in every program.

load helper

setup() {
	test_begin
}

teardown() {
	test_end
}

# programs_each FUNCTION: call it with each program's path.
programs_each() {
	local program

	for program in "$BIN"/*; do
		"$1" "$program"
	done
}

short_help_fits() {
	run -0 --separate-stderr "$1" -h
	assert_line --index 0 --regexp "^usage: ${1##*/} "
	[ -z "$stderr" ]
	awk -v program="$1" 'length > 80 { long = 1 }
		END { if (NR > 24 || long) {
			print program " -h: " NR " lines"; exit 1 } }' \
	    <<<"$output"
}

@test "-h fits a screen of 24 lines and 80 columns" {
	programs_each short_help_fits
}

# Options as the completions know them, one name a line.
options() {
	"$1" --complete | awk -F '\t' '$1 ~ /^-/ {
		for (i = 1; i <= 2; i++) if ($i != "-") print $i }' | sort
}

long_help_has_all() {
	run -0 --separate-stderr "$1" --help
	[ -z "$stderr" ]
	awk '/^  / { for (i = 1; i <= 2; i++)
		if ($i ~ /^-/) { sub(/,/, "", $i); print $i } }' \
	    <<<"$output" | sort >shown
	options "$1" >known
	[ -s known ]
	diff shown known
}

@test "--help has every option, and no other" {
	cd "$BATS_TEST_TMPDIR"
	programs_each long_help_has_all
}

# A heading is a line that ends in a colon; the first lines are no headings.
headings_have_options() {
	run -0 "$@"
	awk -v command="$*" 'NR > 3 && heading != "" && !/^  / { exit }
		NR > 3 { heading = /:$/ ? $0 : "" }
		END { if (heading != "") {
			print command ": " heading; exit 1 } }' <<<"$output"
}

both_helps_have_options() {
	headings_have_options "$1" -h
	headings_have_options "$1" --help
}

@test "each heading has options below it" {
	programs_each both_helps_have_options
	run -0 wamp-pub --help
	assert_line 'TLS:'
	refute_line 'General:'
}

# A heading of -h may stand for several of --help.
short_help_is_a_part() {
	"$1" -h | grep -v ':$' >short
	"$1" --help >long
	run -1 grep -v -x -F -f long short
}

@test "-h shows nothing that --help does not" {
	cd "$BATS_TEST_TMPDIR"
	programs_each short_help_is_a_part
}
