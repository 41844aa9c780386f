#!/usr/bin/env bats
# wamp-routes(1): -f sarif and -f junit, what services of CI take.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
	ORO=${BATS_TEST_DIRNAME%/tests/cli}/examples/websocket_routing.yml
	printf '%s\n' \
	    "a: { channel: 'x/{id}', handler: a, requirements: { id: '(' } }" \
	    "b: { chanel: x }" "d: { chanel: y }" >faults.yml
	printf '%s\n' 'e: { channel: x, handler: a }' \
	    'f: { channel: x, handler: b }' >doubts.yml
}

teardown() {
	test_end
}

# What the schema of SARIF 2.1.0 and GitHub require of a log.
# shellcheck disable=SC2016	# the program's own variable
SARIF_RIGHT='
	def text: type == "string" and length > 0;
	.version == "2.1.0" and (."$schema" | test("sarif-2\\.1\\.0")) and
	(.runs | length) == 1 and (.runs[0] |
	    .columnKind == "unicodeCodePoints" and
	    (.invocations | all(.executionSuccessful == true)) and
	    (.tool.driver | (.name == "wamp-routes") and (.version | text) and
		(.rules | type == "array") and (.rules | all(
		(.id | text) and (.shortDescription.text | text) and
		(.fullDescription.text | text) and (.help.text | text)))) and
	    ([.tool.driver.rules[].id] | length == (unique | length)) and
	    (.results | type == "array") and
	    (.tool.driver.rules as $rules | .results | all(
		.ruleId == $rules[.ruleIndex].id and (.message.text | text) and
		(.level == "error" or .level == "warning") and
		(.locations | length) == 1 and
		(.locations[0].physicalLocation |
		    (.artifactLocation.uri |
			test("^(file:///)?[A-Za-z0-9._~/%-]+$"))
		    and (.region.startLine >= 1)))))'

# sarif FILE...: what is found, as text again.
sarif() {
	local status=0

	wamp-routes -f sarif "$@" >log.sarif || status=$?
	jq -e "$SARIF_RIGHT" log.sarif >/dev/null ||
	    { cat log.sarif; return 99; }
	jq -r '.runs[0].results[] | (.locations[0].physicalLocation |
	    "\(.artifactLocation.uri):\(.region.startLine):" +
	    "\(.region.startColumn): ") +
	    "\(.level): \(.message.text) [\(.ruleId)]"' log.sarif
	return "$status"
}

@test "SARIF says what the text says, at the same places" {
	run -1 wamp-routes faults.yml doubts.yml
	[ "${#lines[@]}" -ge 5 ]
	printf '%s\n' "$output" >text
	run -1 sarif faults.yml doubts.yml
	diff text - <<<"$output"
	run -0 sarif doubts.yml
	assert_line --partial ': warning: '
	run -0 sarif "$ORO"
	refute_output
}

@test "SARIF names files as URIs" {
	cp faults.yml elsewhere.yml
	cp faults.yml $'a b%:\xff\u00fc.yml'
	run -1 sarif ./faults.yml $'a b%:\xff\u00fc.yml' "$PWD/elsewhere.yml" \
	    none.yml
	run -0 jq -r '[.runs[0].results[].locations[0].physicalLocation
	    .artifactLocation.uri] | unique[]' log.sarif
	assert_line faults.yml
	assert_line 'a%20b%25%3A%FF%C3%BC.yml'
	assert_line --regexp '^file:///.*/elsewhere.yml$'
	# The file as a whole is its first line.
	run -0 jq -c '.runs[0].results[] | select(.ruleId == "unreadable-file")
	    | .locations[0].physicalLocation.region' log.sarif
	assert_output '{"startLine":1}'
}

@test "SARIF tells how much it leaves out" {
	local i

	for ((i = 0; i < 1200; i++)); do
		echo "r$i: { channel: 'x/{id}', handler: a, nope: 1 }"
	done >many.yml
	run -1 sarif many.yml
	run -0 jq '.runs[0].results | length' log.sarif
	assert_output 1000
	run -0 jq -r '.runs[0].invocations[0].toolExecutionNotifications[] |
	    .message.text' log.sarif
	assert_output --regexp '^[0-9]+ more not shown$'
}

# junit FILE...: counts, then each test with what became of it.
junit() {
	local status=0

	wamp-routes -f junit "$@" >log.xml || status=$?
	python3 - log.xml <<-'END' || return 99
		import sys
		import xml.etree.ElementTree as tree

		top = tree.parse(sys.argv[1]).getroot()
		assert top.tag == 'testsuites' and len(top) == 1
		suite = top[0]
		cases = suite.findall('testcase')
		failed = [c for c in cases if c.find('failure') is not None]
		assert suite.tag == 'testsuite' and suite.get('name')
		assert int(suite.get('tests')) == len(cases)
		assert int(suite.get('failures')) == len(failed)
		names = [(c.get('classname'), c.get('name')) for c in cases]
		assert len(set(names)) == len(names) and all(map(all, names))
		for c in cases:
		    f = c.find('failure')
		    if f is not None:
		        assert f.get('message') and f.get('type')
		        print('failed', f.text.strip())
		    else:
		        print('passed', c.get('classname'),
		            (c.findtext('system-out') or '').strip())
	END
	return "$status"
}

@test "JUnit has a failure for each error, and a test for each right file" {
	run -1 wamp-routes faults.yml
	printf 'failed %s\n' "${lines[@]}" >text
	run -1 junit faults.yml doubts.yml "$ORO"
	grep ^failed <<<"$output" | diff text -
	assert_line --partial 'passed doubts.yml doubts.yml:2:'
	assert_line "passed $ORO "
	run -1 junit -W doubts.yml
	assert_output --partial 'failed doubts.yml:2:'
	refute_output --partial passed
}

@test "JUnit stays XML, whatever files hold and are called" {
	local name=$'<&">\x01\xff\xef\xbf\xbf.yml'

	printf 'a: { "<&\x27\\"]]>\\x01\xef\xbf\xbe": 1 }\n' >"$name"
	run -1 junit "$name"
	assert_output --partial 'failed <&">\x01\xff'
	run -1 sarif "$name"
}

@test "both are for checking" {
	run -2 wamp-routes -l -f sarif "$ORO"
	assert_output 'wamp-routes: -f sarif is for checking only'
	run -2 wamp-routes -m oro/ping -f junit "$ORO"
	assert_output 'wamp-routes: -f junit is for checking only'
	run -2 wamp-routes -p -f sarif "$ORO"
	run -1 bash -c 'wamp-routes -f sarif faults.yml >/dev/full'
	assert_output --partial 'cannot write to stdout'
}
