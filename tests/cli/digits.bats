#!/usr/bin/env bats
# Whole numbers with more digits than a double: each way through each program
# keeps them all, or says that it does not.

load helper

ID=9007199254740993		# a double has ...992 and ...994
EVENT="{\"id\":$ID,\"name\":\"x\",\"n\":5}"

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# dry WANT ARGUMENT...: what wamp-pub would send, of EVENT on stdin.
dry() {
	run -0 --separate-stderr wamp-pub --dry-run -l "${@:2}" <<<"$EVENT"
	[ -z "$stderr" ]
	[ "$output" = "$1" ] || { echo "${*:2}: $output"; return 1; }
}

# loses ARGUMENT...: it says so, names the line, and sends nothing.
loses() {
	run -1 --separate-stderr wamp-pub --dry-run -l "$@" <<<"$EVENT"
	[ -z "$output" ] || { echo "$*: $output"; return 1; }
	[[ $stderr == 'wamp-pub: line 1: '*"would lose digits of $ID"* ]] ||
	    { echo "$*: $stderr"; return 1; }
}

@test "wamp-pub -e hands numbers on with all their digits" {
	dry "[7,\"t\",$EVENT]" -e . t
	dry "[7,\"t\",$ID]" -e .id t
	dry "[7,\"t\",{\"id\":$ID}]" -e '{id}' t
	dry "[7,\"t\",\"x\"]" -e .name t
	dry "[7,\"t\",\"x 6\"]" -e '"\(.name) \(.n + 1)"' t
	dry "[7,\"t\",[$ID,5]]" -e 'select(.id > 10) | [.id, .n]' t
	dry "[7,\"t\",{\"id\":$ID,\"name\":\"x\"}]" -e 'del(.n)' t
}

@test "wamp-pub -e and --topic-jq say when they would lose a digit" {
	loses -e '.id + 1' t
	loses -e '.id | tostring' t
	loses -e '.id == 9007199254740992' t
	loses -e '.id % 2' t
	loses -e '{"\(.id)": 1}' t
	loses --topic-jq '"user/\(.id)"'
	loses --topic-jq '"user/" + (.id | tostring)'
	loses --topic-jq '"shard/\(.id % 2)"'
	loses --topic-jq 'if .id == 9007199254740992 then "a" else "b" end'
	loses --topic-jq '"user/\(.id)"' -e '{id}'
	run -2 wamp-pub -e ".id == $ID" t 1
	assert_output --partial "-e: line 1, column 8: $ID has more digits"
	run -2 wamp-pub --topic-jq "\"\\($ID)\"" 1
	assert_output --partial 'has more digits'
}

@test "text that becomes a number keeps its digits, or says so" {
	EVENT="{\"id\":\"$ID\",\"of\":\"{\\\"a\\\":$ID}\",\"n\":\"77\"}"
	loses -e '.id | tonumber' t
	loses --topic-jq '"u/\(.id | tonumber)"'
	run -1 wamp-pub --dry-run -e '.of | fromjson' t "$EVENT"
	assert_output \
	    'wamp-pub: -e: jq would lose digits of a number in a text'
	dry '[7,"t",78]' -e '.n | tonumber + 1' t
	dry '[7,"t",{"a":[1.5,null]}]' \
	    -e '"{\"a\":[1.5,null]}" | fromjson' t
	run -2 wamp-pub --dry-run -e $'tonumber |\n nope' t 1
	assert_output --partial 'line 2, column 2: nope/0 is not defined'
}

@test "topics of numbers that are no part of them, and of strings" {
	dry "[7,\"u/x\",$EVENT]" --topic-jq '"u/" + .name'
	dry "[7,\"u/5\",$EVENT]" --topic-jq '"u/\(.n)"'
	run -0 wamp-pub --dry-run -l --topic-jq .id \
	    <<<'{"id":"12345678901234567890","n":1e400}'
	assert_output '[7,"12345678901234567890",'\
'{"id":"12345678901234567890","n":1e400}]'
	run -0 wamp-pub --dry-run --topic-jq '"u/\(.id)"' \
	    <<<'{"id":9007199254740991}'
	assert_output '[7,"u/9007199254740991",{"id":9007199254740991}]'
}

@test "what would lose digits is skipped with --skip-invalid, and named" {
	run -1 --separate-stderr wamp-pub --dry-run -l --skip-invalid \
	    --topic-jq '"u/\(.)"' < <(printf '1\n%s\n2\n' "$ID")
	assert_output $'[7,"u/1",1]\n[7,"u/2",2]'
	[[ $stderr == *'line 2: --topic-jq: '*" $ID"*', skipped'* ]]
}

@test "wamp-sub prints them with every option, or says so and ends with 1" {
	local options want

	broker_start
	wamp-pub --retain t "$EVENT"
	while IFS='|' read -r want options; do
		run -0 --separate-stderr bash -c \
		    "wamp-sub --retained-only $options t"
		[ "$output" = "$want" ] ||
		    { echo "$options: $output $stderr"; return 1; }
	done <<-END
		$EVENT|
		$EVENT|-r
		$ID|-e .id
		{"id":$ID}|-e '{id}'
		"x"|-e .name
		$ID x|-F '%{.id} %{.name}\n'
		[$ID,5]|-F '%{[.id, .n]}\n'
		$EVENT|-F '%p\n'
		$EVENT|-F '%r\n'
		$EVENT|--exec cat
	END
	run -0 wamp-sub --retained-only --pretty t
	assert_line --partial "\"id\": $ID"
	run -0 wamp-sub --retained-only -j t
	assert_output --partial "$EVENT"
	for options in "-e '.id + 1'" "-re '.id | tostring'" \
	    "-e '\"\\(.id)\"'" "-F '%{.id | tostring}\n'"; do
		run -1 --separate-stderr bash -c \
		    "wamp-sub --retained-only $options t"
		[ -z "$output" ]
		[[ $stderr == *"lose digits of $ID"* ]] ||
		    { echo "$options: $stderr"; return 1; }
	done
}

@test "wamp-call, its arguments and its result" {
	broker_start
	run -0 wamp-call wampd.echo "$ID" 1e400 12345678901234567890 \
	    "{\"$ID\":\"$ID\"}"
	assert_output "[$ID,1e400,12345678901234567890,{\"$ID\":\"$ID\"}]"
	run -0 wamp-call wampd.echo - <<<"$ID"
	assert_output "[$ID]"
	run -0 wamp-call -e '.[0]' wampd.echo "$ID"
	assert_output "$ID"
	run -0 wamp-call -e 'map(select(. > 1))' wampd.echo "$ID" 1
	assert_output "[$ID]"
	run -0 wamp-call --pretty -e '{a: .[0]}' wampd.echo "$ID"
	assert_line "  \"a\": $ID"
	run -1 wamp-call -re '.[0] | tostring' wampd.echo "$ID"
	assert_output --partial "wamp-call: -e: "
	assert_output --partial "lose digits of $ID"
}

@test "a jq handler delivers them, or refuses" {
	cat >r.yml <<-'END'
		hand: { channel: hand, handler: { callback: hand } }
		pick: { channel: pick, handler: { callback: pick } }
		text: { channel: text, handler: { callback: text } }
		user: { channel: "user/{id}", handler: { callback: user } }
	END
	cat >w.yml <<-'END'
		handlers:
		  hand: { type: jq, publish: "{event}", call: ".args[0]" }
		  pick: { type: jq, publish: "{event: {id: .event.id}}" }
		  text: { type: jq, publish: '{event: "\(.event.id)"}',
		      call: '"\(.args[0])"' }
		  user:
		    type: jq
		    publish: '{event: 1, topic: "user/\(.event)"}'
	END
	broker_start -c w.yml -r r.yml
	sub_start -t -C 3 hand pick text user/9007199254740992
	wamp-pub hand "$EVENT"
	wamp-pub pick "$EVENT"
	run -3 wamp-pub text "$EVENT"
	assert_output --partial 'the handler would lose digits of a number'
	grep -q 'would lose digits of a number' "$BROKER_LOG"
	run ! grep -q "$ID" "$BROKER_LOG"
	run -3 wamp-pub user/1 "$ID"
	wamp-pub user/1 9007199254740991
	wamp-pub hand 1
	run -0 sub_wait
	assert_output "hand"$'\t'"$EVENT"$'\n'"pick"$'\t'"{\"id\":$ID}"$'\n'\
"hand"$'\t'1
	run -0 wamp-call -e '.[0]' hand "$ID"
	assert_output "$ID"
	run -3 wamp-call text "$ID"
	run -0 wamp-call -e '.[0]' text 5
	assert_output '"5"'
	# A program that names one is wrong.
	printf 'handlers: { h: { type: jq, call: ". == %s" } }\n' "$ID" >bad.yml
	run -1 wampd -t -c bad.yml
	assert_output --partial "$ID has more digits than jq's numbers"
}

@test "topics from routes, and the maintenance notice" {
	printf "r: { channel: 'u/{id}', handler: { callback: b } }\n" >r.yml
	run -0 wamp-routes -g r id=12345678901234567890 r.yml
	assert_output u/12345678901234567890
	broker_start -r r.yml
	run -0 wamp-call -e .topic wampd.generate '"r"' "{\"id\":$ID}"
	assert_output "\"u/$ID\""
	run -0 wamp-pub --dry-run --routes r.yml --route r "id=$ID" 1
	assert_output "[7,\"u/$ID\",1]"
	broker_stop
	broker_start
	wamp-maint on --user-id "$ID"
	run -10 wamp-maint status --json
	assert_output --partial "\"userId\":$ID,"
	run -10 wamp-maint status
	assert_output --partial "by user $ID"
	run -2 wamp-maint on --user-id 12345678901234567890
}
