#!/usr/bin/env bats
# The manual and the programs say the same: options, keys, procedures, and
# examples that run.

load helper
load shown

setup() {
	test_begin
	ROOT=${BATS_TEST_DIRNAME%/tests/cli}
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	test_end
}

# assert_same PAGE PROGRAM: two lists in files.
assert_same() {
	[ -s "$2" ]
	diff "$1" "$2"
}

# ---- options ----

# The options that a page describes: ".It Fl q , Fl -quiet".
page_options() {
	awk '/^\.It/ { for (i = 2; i < NF; i++)
		if ($i == "Fl") print "-" $(i + 1) }' "$1" | sort -u
}

program_options() {
	"$1" --complete | awk -F '\t' '$1 ~ /^-/ {
		for (i = 1; i <= 2; i++) if ($i != "-") print $i }' | sort -u
}

@test "each page has the options of its program, and no others" {
	local program name

	for program in "$BIN"/*; do
		name=${program##*/}
		page_options "$ROOT/man/$name".[18] >"$name.page"
		program_options "$program" >"$name.program"
		assert_same "$name.page" "$name.program"
	done
}

# ---- keys ----

# "limits.queue 1MiB": the keys that wampd.yml(5) describes, with the default
# if it tells one.
page_keys() {
	awk '/^\.S[sh]/ { keys = $2 == "Keys" }
		keys && /^\.It Ic/ {
			print $3 ($7 == "Pq" ? " " $9 : "") }' \
	    "$ROOT/man/wampd.yml.5" | sort
}

# The same of what wampd -T prints.  Some defaults differ from machine to
# machine and from version to version.
broker_keys() {
	env -u ORO_WEBSOCKET_SERVER_DSN wampd -T | awk '
		/^[^ ]/ { section = "" }
		/^  [^ ]/ { sub(/[.].*/, ".", section) }
		/^ *[a-z_]+:$/ {
			sub(/:/, ".", $1); section = section $1; next }
		{ sub(/\t.*/, "")
		  gsub(/[\047\[\]]/, "")
		  sub(/:/, "", $1)
		  key = section $1
		  if (key ~ /^(control\.path|ident)$/ ||
		      key ~ /^limits\.(queues|memory|jq_workers)$/)
			$2 = ""
		  print key ($2 != "" ? " " $2 : "") }' | sort
}

@test "wampd.yml(5) has each key of wampd -T, and its default" {
	page_keys >page
	broker_keys >program
	assert_same page program
}

# The keys that need a restart, as the page lists them.
page_restart() {
	awk '/^\.S[sh]/ { inside = $2 == "Reload" }
		inside && /^\.Ic/ { print $2 }' "$ROOT/man/wampd.yml.5"
}

# The same, as the schema tells editors.
schema_restart() {
	wampd --schema | jq -r 'def keys($at):
		to_entries[] | ($at + .key) as $name |
		if (.value | has("properties"))
		then .value.properties | keys($name + ".")
		elif .value.description | endswith("needs a restart)")
		then $name else empty end;
		.properties | keys("")'
}

@test "wampd.yml(5) lists the keys that need a restart" {
	page_restart >page
	schema_restart | sort >program
	assert_same page program
}

# ---- procedures ----

@test "wamp-control(7) has each procedure of wampd.help, and who may call it" {
	broker_start
	awk '/^\.It Ic wampd\./ { name = $3 }
		/^\.Pq (open|read|write)$/ { print name, $2 }' \
	    "$ROOT/man/wamp-control.7" >page
	wamp-call wampd.help | jq -r '.[] | .procedure + " " + .access' \
	    >program
	assert_same page program
}

# ---- what every page has ----

# section PAGE TITLE: its lines.
section() {
	awk -v title="$2" '/^\.Sh/ { inside = substr($0, 5) == title; next }
		inside' "$1"
}

@test "each program's page tells each exit status" {
	local path page status expected

	for path in "$BIN"/*; do
		page=$(echo "$ROOT/man/${path##*/}".[18])
		expected='0 1 2'
		if "$path" --complete | grep -q -e '^--timeout'; then
			expected='0 1 2 3 4 5 6'
			[ -n "$(section "$page" ENVIRONMENT)" ]
			[ -n "$(section "$page" FILES)" ]
		fi
		# It has those of plug-ins instead.
		[ "${path##*/}" != wamp-check ] || expected='0 1 2 3'
		for status in $expected; do
			section "$page" 'EXIT STATUS' |
			    grep -q "^\.It $status\>" ||
			    { echo "$page: no $status"; return 1; }
		done
	done
}

# A display, or lines that are indented one after the other.
@test "each page of a program or a format has four examples" {
	local page

	for page in "$ROOT"/man/*.[1578]; do
		page_examples "${page##*/}"
		run -0 ls
		[ "$(sed -n 's/^\(example\.[0-9]*\)\..*/\1/p' <<<"$output" |
		    sort -u | wc -l)" -ge 4 ] ||
		    { echo "$page"; return 1; }
	done
}

@test "each page that a page refers to is there" {
	local page name number

	grep -h '^\.Xr' "$ROOT"/man/*.[1-8] | sort -u >references
	while read -r _ name number _; do
		page=$ROOT/man/$name.${number%%[^0-9]*}
		[ -e "$page" ] || grep -q "^$name $number" <<-END ||
			jq 1
			openssl 1
			pcre2pattern 3
			pkg-config 1
			sd-daemon 3
			send 2
			supervisord 1
			systemd 1
			systemd.exec 5
			valgrind 1
		END
		    { echo "no $name($number)"; return 1; }
	done <references
}

# ---- environment ----

# What the sources ask for, but for words that only look like a variable ...
source_variables() {
	local own='(WAMPD?|ORO|XDG)_[A-Z_]+' others='COLUMNS|NO_COLOR|TERM|HOME'

	others+='|JOURNAL_STREAM|NOTIFY_SOCKET|WATCHDOG_[A-Z]+'
	others+='|CREDENTIALS_DIRECTORY|LISTEN_(FDS|PID)|SUPERVISOR_ENABLED'
	grep -rhoE "\"($own|$others)\"" "$ROOT"/lib "$ROOT"/src |
	    tr -d '"' | sort -u
}

# ... and what the pages have, but for what libraries ask for.
page_variables() {
	sed -n 's/^\.It Ev //p' "$ROOT"/man/*.[1-8] | tr -s ' ,' '\n' |
	    grep -vxE 'SSL_CERT_FILE|TZ|' | sort -u
}

@test "the pages have each variable of the environment, and no others" {
	page_variables >page
	source_variables >program
	assert_same page program
}

# ---- examples ----

page_examples() {
	rm -f example.*
	awk -f "$ROOT/tests/cli/examples.awk" "$ROOT/man/$1"
}

# Whether there is such an example that can run beside others: not one whose
# broker has the usual port.
example_runs_here() {
	[ -e "$1" ] && ! grep -q 'wampd &$' "$1"
}

# The example with this test's broker, few clients, and an end: what subscribes
# gets one event, which is there already.
example_adapted() {
	sed -E "s|wss?://[^ ]*|$WS_URL|
		s|[$][(]pidof wampd[)]|$BROKER_PID|
		s|tail -f [^ ]*|cat events.ndjson|
		s|--clients [0-9]+|--clients 2|
		s|--messages [0-9]+|--messages 100|
		s/--new //
		s|--route |--routes websocket_routing.yml &|
		/--retained-only/!s|wamp-sub |&-C 1 |" "$1"
}

# What the examples take for granted.
example_files() {
	local topic

	cp "$ROOT"/examples/{wampd,websocket_routing}.yml .
	printf '1\n{"n":2}\n' >events.ndjson
	echo '{"level":"error","host":"web1"}' >app.ndjson
	echo '[1]' >value.json
	ln -s "$(type -P true)" deploy
	ln -s "$(type -P true)" backup
	for topic in app/log demo/{deploy,events,news} oro/reminder_remind/7; do
		wamp-pub --retain "$topic" '{"level":"error","name":"x"}'
	done
}

# A broker that an example starts ends with it, even where it fails.
example_run() {
	local said text=${1%.sh}.text

	{
		echo "trap 'kill \$(jobs -p) 2>/dev/null || true' EXIT"
		example_adapted "$1"
	} >script
	if ! said=$(timeout 30 bash -e script 2>&1 3>&-); then
		printf 'this example fails:\n%s\nsaid:\n%s\n' "$(cat "$1")" \
		    "$said"
		return 1
	fi
	[ ! -e "$text" ] || assert_shown "$(cat "$text")" "$said"
}

@test "the commands of the examples run" {
	local page example examples=0

	broker_start
	example_files
	for page in "$ROOT"/man/*.[178]; do
		page_examples "${page##*/}"
		for example in $(printf '%s\n' example.*.sh | sort -V); do
			if example_runs_here "$example"; then
				example_run "$example"
				: $((++examples))
			fi
		done
	done
	[ "$examples" -ge 40 ]
}

@test "the files that the pages show are right" {
	local page example

	certificate fullchain.pem
	cp fullchain.pem privkey.pem
	for page in wampd.yml.5 wampd-handlers.7; do
		page_examples "$page"
		for example in example.*.text; do
			# A route for each handler, so that it is made.
			awk -F '[ :]+' '/^[a-z]/ { section = $1 }
				section == "handlers" && /^  [a-z.]+:/ {
					print $2 ":"
					print "  channel: " $2
					print "  handler: " $2 }' "$example" \
			    >websocket_routing.yml
			# Only root has every group.
			sed -i "s,/[a-z]*/[a-z]*/wampd,$PWD,
				s,/run/wampd,$PWD,
				s/group: [a-z-]*/group: $(id -gn)/" "$example"
			wampd -t -c "$example" -r websocket_routing.yml
		done
	done
}
