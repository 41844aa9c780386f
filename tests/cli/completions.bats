#!/usr/bin/env bats
# The completions of bash, zsh and fish, driven by a real shell; and that the
# options which a program completes are those that its manual page describes.

load helper

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
}

teardown() {
	test_end
}

# in_bash LINE: what bash offers behind the line, an offer a line.
in_bash() {
	bash -c '. "$1" && COMP_LINE=$2 COMP_POINT=${#2} &&
	    read -ra COMP_WORDS <<<"$2." &&
	    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) &&
	    _wamp "${COMP_WORDS[0]}" && printf "%s\n" "${COMPREPLY[@]}"' \
	    bash "$ROOT/completions/wamp.bash" "$1"
}

# in_fish LINE: likewise, without the descriptions.
in_fish() {
	# shellcheck disable=SC2016	# fish's variables
	HOME=$BATS_TEST_TMPDIR fish --no-config -c '
	    source $argv[1]; complete -C $argv[2]' \
	    "$ROOT/completions/wamp.fish" "$1" | cut -f 1
}

# in_zsh LINE RESULT: an interactive zsh makes that of the line.
in_zsh() {
	# shellcheck disable=SC2016	# zsh's variables
	timeout 20 zsh -f -c 'zmodload zsh/zpty && zpty z zsh -f -i &&
	    zpty -w z "fpath=($1 \$fpath); autoload -Uz compinit
		compinit -D; bindkey ^I complete-word; PS1=ready:" &&
	    zpty -r z out "*ready:*" && zpty -w -n z "$2$4" &&
	    zpty -r z out "*${(b)3}*"' \
	    zsh "$ROOT/completions" "$1" "$2" $'\t'
}

# The shell is there, or the test is left out.
needs() {
	command -v "$1" >/dev/null || skip "no $1 here"
}

@test "bash completes options, values and words" {
	run -0 in_bash 'wamp-pub --excl'
	assert_output $'--exclude\n--exclude-me'
	run -0 in_bash 'wamp-maint -q o'
	assert_output $'on\noff'
	run -0 in_bash 'wamp-bench --json s'
	assert_output $'sub\nstorm\nsendloop'
	run -0 in_bash 'wampd --compat '
	assert_output $'oro\nspec'
	run -0 in_bash 'wampd --compat=s'
	assert_output spec
	touch "$BATS_TEST_TMPDIR/a file"
	run -0 in_bash "wamp-pub -f $BATS_TEST_TMPDIR/a"
	assert_output "$BATS_TEST_TMPDIR/a file"
	run -0 in_bash 'wamp-sub -C '
	refute_output
}

@test "bash completes live topics and procedures, quoted" {
	broker_start
	# shellcheck disable=SC2016	# no command of ours
	sub_start demo/news 'demo/$(touch x)' http://demo/a
	run -0 in_bash 'wamp-pub -l demo/'
	assert_line demo/news
	assert_line 'demo/\$\(touch\ x\)'
	[ "${#lines[@]}" -eq 2 ]
	run -0 in_bash 'wamp-sub http://d'
	assert_output //demo/a
	run -0 in_bash 'wamp-call wampd.ech'
	assert_output wampd.echo
	run -0 in_bash "wamp-sub -S $BATS_TEST_TMPDIR/none demo"
	refute_output
	unset WAMPD_CONTROL
	run -0 in_bash "wamp-sub -S $BATS_TEST_TMPDIR/control.sock demo/n"
	assert_output demo/news
}

# A broker with the routes news and a$b.
broker_with_routes() {
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'EOF'
		news: { channel: n, handler: h }
		a$b: { channel: b, handler: h }
	EOF
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'EOF'
		routes: routes.yml
		handlers: { h: { type: broadcast } }
	EOF
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
}

@test "bash completes live routes, quoted" {
	broker_with_routes
	run -0 in_bash 'wamp-pub --route '
	assert_output $'news\na\\$b'
	run -0 in_bash 'wamp-sub --route=n'
	assert_output news
}

@test "without a broker there are no topics, and no noise" {
	run -0 in_bash 'wamp-sub d'
	refute_output
}

@test "fish completes options, words, topics and procedures" {
	needs fish
	broker_start
	sub_start demo/news
	run -0 in_fish 'wamp-pub --excl'
	assert_output $'--exclude\n--exclude-me'
	run -0 in_fish 'wamp-bench st'
	assert_output storm
	run -0 in_fish 'wamp-maint o'
	assert_output $'off\non'
	run -0 in_fish 'wampd --compat s'
	assert_output spec
	run -0 in_fish 'wamp-sub d'
	assert_output demo/news
	run -0 in_fish 'wamp-call wampd.ech'
	assert_output wampd.echo
}

@test "fish completes live routes" {
	needs fish
	broker_with_routes
	run -0 in_fish 'wamp-pub --route n'
	assert_output news
}

@test "zsh completes options, words, topics and procedures" {
	needs zsh
	broker_start
	sub_start demo/news
	in_zsh 'wamp-pub --skip' 'wamp-pub --skip-invalid'
	in_zsh 'wamp-maint st' 'wamp-maint status'
	in_zsh 'wamp-bench st' 'wamp-bench storm'
	in_zsh 'wampd --compat s' 'wampd --compat spec'
	in_zsh 'wamp-sub d' 'wamp-sub demo/news'
	in_zsh 'wamp-call wampd.ech' 'wamp-call wampd.echo'
}

@test "zsh completes live routes" {
	needs zsh
	broker_with_routes
	in_zsh 'wamp-sub --route n' 'wamp-sub --route news'
}

# "-l --lines" and so on, sorted, as --complete has them ...
completed_options() {
	"$1" --complete | awk -F '\t' '$1 ~ /^-/ {
		print ($2 == "-" ? "" : $2 " ") ($1 == "--" ? "" : $1) }' |
	    sort
}

# ... and as the manual page's list of options has them.
described_options() {
	awk '$1 == ".It" && $2 == "Fl" {
		names = ""
		for (i = 3; i <= NF; i++)
			if ($(i - 1) == "Fl")
				names = names (names == "" ? "" : " ") "-" $i
		print names
	}' "$ROOT/man/$1".[18] | sort
}

@test "manual pages describe exactly the options that there are" {
	local tool

	for tool in wampd wamp-pub wamp-sub wamp-call wamp-routes wamp-maint \
	    wamp-bench; do
		diff <(completed_options "$tool") <(described_options "$tool")
	done
}
