#!/usr/bin/env bats
# wamp-pub(1): what jq makes of the events, and when they leave.

# shellcheck disable=SC2016	# jq's variables

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# dry ARGUMENT...: the messages that wamp-pub would send.
dry() {
	run -0 --separate-stderr wamp-pub --dry-run "$@"
	[ -z "$stderr" ]
}

# ---- -e ----

@test "-e publishes what jq makes of each event: none, one or several" {
	dry -l -e 'select(. != 2) | ., -.' t < <(printf '1\n2\n3\n')
	assert_output $'[7,"t",1]\n[7,"t",-1]\n[7,"t",3]\n[7,"t",-3]'
	dry -e .a t '{"a":{"b":1}}'
	assert_output '[7,"t",{"b":1}]'
	dry -e '.[]' t <<<'[1,2]'
	assert_output $'[7,"t",1]\n[7,"t",2]'
	dry -0 -e . t < <(printf '1\0"2"')
	assert_output $'[7,"t",1]\n[7,"t","2"]'
	dry -ls -e 'length' t < <(printf 'abc\n\n')
	assert_output $'[7,"t",3]\n[7,"t",0]'
	dry -n -e 'type' t
	assert_output '[7,"t","null"]'
	dry -l -e 'empty' t <<<1
	assert_output ''
}

@test "-e leaves the bytes of what it hands on" {
	dry -l -e 'select(.id)' t <<<'{ "id":9007199254740993 }'
	assert_output '[7,"t",{ "id":9007199254740993 }]'
}

@test "-e that fails ends with 1 and the line, behind what came out" {
	broker_start
	sub_start -C 2 t
	run -1 wamp-pub -l -e '1, error("no \(.)")' t < <(printf '5\n6\n')
	assert_output 'wamp-pub: line 1: -e: no 5'
	run -1 wamp-pub -l --skip-invalid -e 'if . == 2 then error("two")
	    else . end' t < <(printf 'x\n2\n3\n')
	assert_line --partial 'wamp-pub: line 1: invalid JSON'
	assert_line 'wamp-pub: line 2: -e: two, skipped'
	assert_line 'wamp-pub: 2 invalid events skipped'
	run -0 sub_wait
	assert_output $'1\n3'
}

@test "a program that does not compile is a usage error, with its place" {
	run -2 wamp-pub -e '.a |' t 1
	assert_output --regexp '^wamp-pub: -e: line 1, column [0-9]+: syntax'
	[ "${#lines[@]}" -eq 1 ]
	run -2 wamp-pub --topic-jq 'nope' 1
	assert_output --partial 'wamp-pub: --topic-jq: line 1, column 1: '
	run -2 wamp-pub -e $'\xff' t 1
	assert_output --partial 'wamp-pub: -e: '
}

# ---- --topic-jq ----

@test "--topic-jq takes the topic from each event, before -e changes it" {
	dry -l --topic-jq '"n/\(.id)"' < <(printf '{"id":1}\n{"id":"x"}\n')
	assert_output $'[7,"n/1",{"id":1}]\n[7,"n/x",{"id":"x"}]'
	dry -e '.n[]' --topic-jq .t - <<<'{"t":"a","n":[1,2]}{"t":"b","n":[3]}'
	assert_output $'[7,"a",1]\n[7,"a",2]\n[7,"b",3]'
	# Of what -e drops no topic is asked for.
	dry -e 'select(.t).n' --topic-jq .t - <<<'{"n":1}{"t":"b","n":2}'
	assert_output '[7,"b",2]'
	dry -s --topic-jq . both
	assert_output '[7,"both","both"]'
}

@test "--topic-jq reaches the subscribers of each topic" {
	broker_start
	sub_start -t -C 3 a b
	wamp-pub -l --topic-jq .t \
	    < <(printf '{"t":"a"}\n{"t":"c"}\n{"t":"b"}\n{"t":"a"}\n')
	run -0 sub_wait
	assert_output $'a\t{"t":"a"}\nb\t{"t":"b"}\na\t{"t":"a"}'
}

@test "a topic that is no name is an error with its line" {
	local program

	while read -r program said; do
		run -1 wamp-pub --dry-run -l --topic-jq "$program" <<<1
		assert_output "wamp-pub: line 1: --topic-jq: $said"
	done <<-'END'
		. the topic is not a string
		"" the topic is empty
		empty the program yielded no topic
		"a","b" the program yielded more than one topic
		error("oh") oh
	END
	run -1 wamp-pub --dry-run -l --skip-invalid --topic-jq .t \
	    < <(printf '{"t":"a"}\n{}\n{"t":"b"}\n')
	assert_line '[7,"b",{"t":"b"}]'
	assert_line 'wamp-pub: 1 invalid event skipped'
}

# ---- --arg ----

@test "--arg and --argjson name values for programs, as jq has them" {
	local big=12345678901234567890 text='a\(1+1)"$n'

	dry -e '[., $s, $n, $ARGS.named.s]' --arg s "$text" \
	    --argjson n "{\"id\":$big, \"list\":[-1.5,
	    null]}" t "$big"
	[[ $output == "[7,\"t\",[$big,"* ]]
	[[ $output == *",{\"id\":$big,\"list\":[-1.5,null]},"* ]]
	jq -e --arg s "$text" '.[2] | .[1] == $s and .[3] == $s' <<<"$output"
	dry --topic-jq '$x + .' --arg x n/ '"a"'
	assert_output '[7,"n/a","a"]'
	dry -e ' ' --arg x '' t "$big"
	assert_output "[7,\"t\",$big]"
	dry -l -e '. + $x' --argjson x 10 t < <(seq 3)
	assert_output $'[7,"t",11]\n[7,"t",12]\n[7,"t",13]'
}

@test "--arg, --argjson: what cannot be named is a usage error" {
	local arguments

	while read -ra arguments; do
		run -2 wamp-pub -e . t 1 "${arguments[@]}"
		assert_output --regexp '^wamp-pub: --arg'
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		--arg
		--arg x
		--arg 1x 1
		--arg a-b 1
		--arg if 1
		--arg ENV 1
		--arg ARGS 1
		--argjson x {
		--argjson x
		--argjson x 1 --arg x 1
		--argjson x 1 --argjson x 1
		--arg x 1 --arg x 2
	END
	run -2 wamp-pub -e . --arg x $'\xff' t 1
	assert_output 'wamp-pub: --arg: the value is not UTF-8'
	run -2 wamp-pub --arg x 1 t 1
	assert_output --partial 'need -e or --topic-jq'
	# A fault keeps its place, and an unknown name is told by it.
	run -2 wamp-pub --arg x 1 --argjson y 2 -e $'.\n| $z' t 1
	assert_output --regexp '^wamp-pub: -e: line 2, column .*\$z is not def'
}

# ---- --dry-run ----

@test "--dry-run prints one message a line, and connects to nobody" {
	dry t $'{"a":\n1}'
	assert_output '[7,"t",{"a": 1}]'
	dry --exclude a --eligible b --eligible c t 1
	assert_output '[7,"t",1,["a"],["b","c"]]'
	dry --exclude-me t 1
	assert_output '[7,"t",1,true]'
	dry -u ws://127.0.0.1:1/ t 1
	assert_output '[7,"t",1]'
	run -1 bash -c 'wamp-pub --dry-run t 1 2>&1 >/dev/full'
	assert_output --partial 'cannot write to stdout'
}

@test "--dry-run with --route needs no broker when it has the file" {
	local routes=${BATS_TEST_DIRNAME%/tests/cli}/examples

	dry -s --routes "$routes/websocket_routing.yml" \
	    --route oro_reminder.remind user_id=7 x
	assert_output --regexp '^\[7,".*7.*","x"\]$'
}

# ---- --repeat, --delay, --rate ----

@test "--repeat publishes an event so many times" {
	dry --repeat 3 t 1
	assert_output $'[7,"t",1]\n[7,"t",1]\n[7,"t",1]'
	dry --repeat 2 -e '.[]' t <<<'["a","b"]'
	assert_output $'[7,"t","a"]\n[7,"t","b"]\n[7,"t","a"]\n[7,"t","b"]'
	echo 1 >a
	echo 2 >b
	dry --repeat 2 -f a -f b t
	assert_output $'[7,"t",1]\n[7,"t",1]\n[7,"t",2]\n[7,"t",2]'
}

# took MILLISECONDS COMMAND...: it succeeds, and takes no less than that.
took() {
	local start=${EPOCHREALTIME/./}

	"${@:2}"
	[ "$((${EPOCHREALTIME/./} - start))" -ge "$((1000 * $1))" ]
}

@test "--delay and --rate take their time" {
	broker_start
	took 200 wamp-pub --repeat 3 --delay 100ms t 1
	took 190 wamp-pub -l --rate 20 t < <(seq 1 5)
	took 200 wamp-pub --dry-run -n --delay 0.1 --repeat 3 -e now t >spaced
	# A program runs anew each time.
	[ "$(sort -u spaced | wc -l)" -eq 3 ]
}

@test "events that are spaced out leave each at its time" {
	broker_start
	sub_start -C 1 t
	wamp-pub --repeat 2 --delay 1h t 1 3>&- &
	run -0 sub_wait		# while wamp-pub waits for the second
	assert_output 1
	kill $!
	wait $! || [ $? -eq 143 ]
}

# ---- what does not go together ----

@test "contradictions are usage errors with one line" {
	local arguments

	while read -ra arguments; do
		run -2 wamp-pub "${arguments[@]}" </dev/null
		assert_output --partial 'wamp-pub: '
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		--topic-jq .t topic 1
		--topic-jq .t --route r a=b
		--topic-jq .t -l topic
		-f a topic 1
		-n -f a topic
		--from-line 2 topic
		--from-line 0 -l topic
		--repeat 0 topic 1
		--repeat 2 -l topic
		--repeat 2 -0 topic
		--repeat many topic 1
		--delay -1 topic 1
		--delay soon topic 1
		--rate 0 topic 1
		--rate 1000000001 topic 1
		--rate 1 --delay 1 topic 1
		--dry-run --route r a=b
		--dry-run --exclude-me --exclude x topic 1
	END
	run -2 wamp-pub --exclude '' topic 1
	run -2 wamp-pub --eligible $'\xff' topic 1
	assert_output --partial '--eligible'
}
