#!/usr/bin/env bats
# tests/bench/budget, with tiny loads and a few of its rows: that it measures
# and prints, not what.

load helper

setup() {
	test_begin
	BUDGET=${BATS_TEST_DIRNAME%/cli}/bench/budget
	export BUILD=${BIN%/bin}
}

teardown() {
	test_end
}

# budget_rows NUMBER OUTPUT: so many rows below the heading, each with a
# figure, or without one and then with the reason.
budget_rows() {
	awk -v want="$1" '
		/^what / { heading = 1; next }
		!heading || /^ / { next }
		{ rows++ }
		$0 !~ / (met|missed by|no budget|see |not measured: )/ ||
		/: $/ { print "no verdict: " $0; bad = 1 }
		END { exit bad || rows != want }' <<<"$2"
}

@test "budget prints a row for each of the rows asked for" {
	run -0 "$BUDGET" -q storm idle call
	budget_rows 4 "$output"
	assert_line --regexp '^storm of 10 000, .* [0-9.]+ +<= 1.20 '
}

@test "budget measures pub and sub together" {
	run -0 "$BUDGET" -q flat_publishers subscriptions sub
	budget_rows 6 "$output"
}

@test "budget says why a row cannot be measured" {
	run -0 "$BUDGET" -q peers
	budget_rows 3 "$output"
	export BUILD=$BATS_TEST_TMPDIR
	mkdir -p "$BUILD/bin"
	ln -s "$(type -P false)" "$BUILD/bin/wampd"
	run -0 "$BUDGET" -q storm
	assert_line --regexp '^storm +- +not measured: '
}
