#!/usr/bin/env bats
# The completions of bash, zsh and fish, driven by a real shell; and that the
# options which a program completes are those that its manual page describes.

load helper
load fake_server

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	fake_end
	test_end
}

# in_bash LINE: what bash offers behind the line, an offer a line.  For Readline
# words end at : and = as well.
in_bash() {
	bash -c '. "$1" && COMP_LINE=$2 COMP_POINT=${#2} &&
	    read -ra COMP_WORDS <<<"${2//[:=]/ & }." &&
	    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) &&
	    COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%.} &&
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

# shell_command SHELL: one that is interactive, has the completions and says
# when it is ready; SAID is where its lines print to.
shell_command() {
	case $1 in
	bash)	printf '%s\n' ". '$ROOT/completions/wamp.bash'" \
		    "PS1=ready:" >rc
		echo "bash --noprofile --rcfile '$PWD/rc' -i" ;;
	zsh)	printf '%s\n' "fpath=('$ROOT/completions' \$fpath)" \
		    'autoload -Uz compinit; compinit -D; bindkey -e' \
		    'PS1=ready:' >.zshrc
		echo "ZDOTDIR='$PWD' zsh -d -i" ;;
	fish)	printf '%s\n' "source '$ROOT/completions/wamp.fish'" \
		    'function fish_prompt; echo ready:; end' >rc
		echo "HOME='$PWD' fish --no-config -i -C 'source rc'" ;;
	esac
}

# typed SHELL LINE: a person types the line and the tabulator; prints the words
# that the shell makes of what it has become.
typed() {
	# shellcheck disable=SC2016	# zsh's variables
	rm -f words && timeout 20 zsh -f -c 'zmodload zsh/zpty && zpty z "$1" &&
	    zpty -r z out "*ready:*" &&
	    zpty -w -n z "$2"$'\''\t\x01printf "<%s>" \x05 >words; exit\r'\'' &&
	    while zpty -r z out; do :; done' \
	    zsh "$(shell_command "$1")" "$2"
	cat words
}

# The shell is there, or the test is left out.
needs() {
	command -v "$1" >/dev/null || skip "no $1 here"
}

# ---- what a program offers ----

# offers WORD...: the answer to --complete, without what is told about choices.
offers() {
	"$@" | cut -f 1
}

@test "options are offered with what they are for" {
	run -0 wamp-pub --complete --excl
	assert_line --index 0 $'values\t'
	assert_line $'--exclude-me\tthe publisher does not get it'
	assert_line $'-l\teach line of the input is an event'
	assert_line --regexp $'^--help\t'
	run -0 offers wamp-pub --complete -- -
	assert_output values
}

@test "a value is told from an operand, and from what is in front of it" {
	local words

	run -0 wampd --complete --compat o
	assert_output $'values\t\noro\nspec'
	run -0 wampd --complete --compat=
	assert_output $'values\t--compat=\noro\nspec'
	run -0 wamp-pub --complete -lf/tmp
	assert_output $'files\t-lf'
	run -0 wamp-pub --complete -f ''
	assert_output $'files\t'
	run -0 wamp-maint --complete -q s
	assert_output --partial status
	run -0 wamp-maint --complete on s
	refute_output --partial status
	for words in '-- -S x' '--no-such x' '-%'; do
		# shellcheck disable=SC2086	# words
		run -0 wamp-pub --complete $words
		assert_line --index 0 --regexp '^values'
	done
}

@test "only the first operand is a topic or procedure, or each" {
	broker_start
	sub_start demo/news
	run -0 offers wamp-pub --complete ''
	assert_output $'values\ndemo/news'
	run -0 offers wamp-pub --complete demo/news ''
	assert_output values
	run -0 offers wamp-sub --complete demo/news ''
	assert_output $'values\ndemo/news'
	run -0 offers wamp-call --complete -q ''
	assert_line wampd.echo
	run -0 offers wamp-call --complete wampd.echo ''
	assert_output values
	run -0 offers wamp-sub --complete -w ''
	assert_output values
	# Both values of a pair are none.
	run -0 offers wamp-pub --complete --arg ''
	assert_output values
	run -0 offers wamp-pub --complete --arg x ''
	assert_output values
	run -0 offers wamp-pub --complete --arg x y ''
	assert_output $'values\ndemo/news'
	run -0 offers wamp-pub --complete --arg=x -y ''
	assert_output $'values\ndemo/news'
}

@test "topics that routes name are offered once, before anybody listens" {
	cat >routes.yml <<-'END'
	fixed: { channel: demo/news, handler: { callback: a } }
	other: { channel: demo/new, handler: { callback: a } }
	one:   { channel: 'demo/{id}', handler: { callback: a } }
	END
	broker_start -r routes.yml
	run -0 wamp-pub --complete ''
	assert_output $'values\t\ndemo/news\tfixed\ndemo/new\tother'
	sub_start demo/news
	sub_start demo/7
	run -0 offers wamp-sub --complete ''
	[ "${#lines[@]}" -eq 4 ]
	assert_line --index 3 demo/new
}

@test "sessions are offered with who they are" {
	broker_start
	sub_start demo/news
	run -0 wamp-pub --complete --exclude ''
	assert_line --regexp $'^[^\t]{16}\tlocal:'
}

# A broker with the routes news and a$b.
broker_with_routes() {
	cat >"$BATS_TEST_TMPDIR/routes.yml" <<-'EOF'
		news: { channel: 'n/{year}/{slug}', handler: h }
		a$b: { channel: b, handler: h }
		demo: { channel: demo/news, handler: h }
		web: { channel: 'http://demo/a', handler: h }
	EOF
	cat >"$BATS_TEST_TMPDIR/wampd.yml" <<-'EOF'
		routes: routes.yml
		handlers: { h: { type: broadcast } }
	EOF
	broker_start -c "$BATS_TEST_TMPDIR/wampd.yml"
}

@test "routes are offered, and the parameters of the one that is given" {
	broker_with_routes
	run -0 wamp-sub --complete --route=
	assert_line --index 0 $'values\t--route='
	assert_line $'news\tn/{year}/{slug}'
	assert_line $'a$b\tb'
	run -0 wamp-sub --complete --route news ''
	assert_output $'stems\t\nyear=\nslug='
	run -0 wamp-sub --complete --route news year=1 slug=
	assert_output $'stems\t'
	run -0 wamp-sub --complete --route none ''
	assert_output $'stems\t'
}

@test "profiles are offered, where there are any" {
	run -0 wamp-call --complete -P ''
	assert_output $'values\t'
	mkdir "$XDG_CONFIG_HOME/wamp"
	printf '%s\n' 'shop: { url: "wss://shop.example/ws" }' \
	    'local: { control: /run/wampd/control.sock }' \
	    >"$XDG_CONFIG_HOME/wamp/profiles.yml"
	run -0 wamp-call --complete --profile=
	assert_output $'values\t--profile=\nshop\nlocal'
}

@test "names with control characters are not offered" {
	broker_start
	sub_start $'demo/\a' $'demo/\n' $'demo/\t' $'demo/\u009b' $'\u0085' \
	    'a b'
	run -0 offers wamp-sub --complete ''
	assert_output $'values\na b'
}

@test "the broker of the command line is the one that is asked" {
	broker_start
	sub_start demo/news
	run -0 offers wamp-sub --complete -S "$BATS_TEST_TMPDIR/none" ''
	assert_output values
	unset WAMPD_CONTROL
	for target in "-S$BATS_TEST_TMPDIR/control.sock" \
	    "--control=$BATS_TEST_TMPDIR/control.sock"; do
		run -0 offers wamp-sub --complete -q "$target" ''
		assert_output $'values\ndemo/news'
	done
}

@test "without a broker there are no topics, and no noise" {
	run -0 offers wamp-sub --complete ''
	assert_output values
	# One that says nothing is not waited for.
	fake_start silent "$BATS_TEST_TMPDIR/silent"
	run -0 offers wamp-sub --complete -w 3600 -S "$FAKE" ''
	assert_output values
	run -0 offers wamp-sub --complete --retry 9 -S nothing ''
	assert_output values
	# Nor is what there is no bound for, here who writes into a pipe.
	mkfifo "$BATS_TEST_TMPDIR/ticket"
	run -0 offers wamp-sub --complete -u ws://localhost:1/ \
	    --ticket-file "$BATS_TEST_TMPDIR/ticket" ''
	assert_output ''
}

# ---- what shells make of it ----

@test "bash offers what begins so" {
	run -0 in_bash 'wamp-pub --excl'
	assert_output $'--exclude\n--exclude-me'
	run -0 in_bash 'wamp-maint -q o'
	assert_output $'on\noff'
	run -0 in_bash 'wampd --compat '
	assert_output $'oro\nspec'
	run -0 in_bash 'wampd --compat=s'
	assert_output spec
	run -0 in_bash 'wampd --compat='
	assert_output $'oro\nspec'
	run -0 in_bash 'wamp-sub -C '
	refute_output
	run -0 in_bash 'wamp-sub d'
	refute_output
	run -0 in_bash 'no-such-program d'
	refute_output
}

@test "fish offers what begins so" {
	needs fish
	run -0 in_fish 'wamp-pub --excl'
	assert_output $'--exclude\n--exclude-me'
	run -0 in_fish 'wamp-maint -q o'
	assert_output $'off\non'
	run -0 in_fish 'wampd --compat '
	assert_output $'oro\nspec'
	run -0 in_fish 'wampd --compat='
	assert_output $'--compat=oro\n--compat=spec'
	run -0 in_fish 'wamp-sub d'
	refute_output
}

# shell_completes SHELL: each kind of value.
shell_completes() {
	local name

	broker_with_routes
	sub_start http://demo/a demo/news
	touch 'a file'
	run -0 typed "$1" 'wamp-pub --skip'
	assert_output '<wamp-pub><--skip-invalid>'
	run -0 typed "$1" 'wamp-maint st'
	assert_output '<wamp-maint><status>'
	run -0 typed "$1" 'wampd --compat s'
	assert_output '<wampd><--compat><spec>'
	run -0 typed "$1" 'wampd --compat=s'
	assert_output '<wampd><--compat=spec>'
	run -0 typed "$1" 'wamp-pub -f a'
	assert_output '<wamp-pub><-f><a file>'
	run -0 typed "$1" 'wamp-pub --file=a'
	assert_output '<wamp-pub><--file=a file>'
	run -0 typed "$1" 'wamp-sub d'
	assert_output '<wamp-sub><demo/news>'
	run -0 typed "$1" 'wamp-sub http://d'
	assert_output '<wamp-sub><http://demo/a>'
	run -0 typed "$1" 'wamp-sub --route=n'
	assert_output '<wamp-sub><--route=news>'
	run -0 typed "$1" 'wamp-sub --route a'
	# shellcheck disable=SC2016	# its name
	assert_output '<wamp-sub><--route><a$b>'
	run -0 typed "$1" 'wamp-sub --route news y'
	assert_output '<wamp-sub><--route><news><year=>'
	run -0 typed "$1" 'wamp-sub --exec wamp-benc'
	assert_output '<wamp-sub><--exec><wamp-bench>'
	run -0 typed "$1" 'wamp-call wampd.ech'
	assert_output '<wamp-call><wampd.echo>'
	for name in "$BIN"/*; do
		run -0 typed "$1" "${name##*/} --vers"
		assert_output "<${name##*/}><--version>"
	done
}

@test "bash completes each kind of value" {
	needs zsh	# whose terminal it is
	shell_completes bash
}

@test "zsh completes each kind of value" {
	needs zsh
	shell_completes zsh
}

@test "fish completes each kind of value" {
	needs fish
	needs zsh
	shell_completes fish
}

# What a hostile peer may call its topics.
# shellcheck disable=SC2016,SC1003	# as they are
TOPICS=('a $(touch harm) `touch harm`' "b'y\"z \$x" 'c;touch harm;' 'd*&|>harm'
    'e\y\\' 'f:y = ü€ !z' 'g{a,b}~#' '-x')

# completes_to SHELL TEXT TOPIC: a broker that is busy for longer than a person
# waits for completions has further chances.
completes_to() {
	local _

	for _ in {1..10}; do
		run -0 typed "$1" "wamp-sub -- $2"
		[ "$output" != "<wamp-sub><--><$3>" ] || return 0
	done
	assert_output "<wamp-sub><--><$3>"
}

# shell_quotes SHELL: each becomes one word, and no command.
shell_quotes() {
	local topic quote

	broker_start
	sub_start -- "${TOPICS[@]}"
	for topic in "${TOPICS[@]}"; do
		completes_to "$1" "${topic:0:1}" "$topic"
	done
	for topic in "${TOPICS[@]:0:2}" "${TOPICS[5]}"; do
		for quote in \' \"; do
			completes_to "$1" "$quote${topic:0:1}" "$topic"
		done
	done
	[ ! -e harm ]
}

@test "bash quotes the names of topics" {
	needs zsh
	shell_quotes bash
}

@test "zsh quotes the names of topics" {
	needs zsh
	shell_quotes zsh
}

@test "fish quotes the names of topics" {
	needs fish
	needs zsh
	shell_quotes fish
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
	    wamp-ticket wamp-bench wamp-top wamp-check; do
		diff <(completed_options "$tool") <(described_options "$tool")
	done
}
