#!/usr/bin/env bats
# What examples/ci promises: a hook, and jobs for GitHub and GitLab.

load helper

setup() {
	test_begin
	CI=${BATS_TEST_DIRNAME%/tests/cli}/examples/ci
	export HOME=$BATS_TEST_TMPDIR GIT_CONFIG_NOSYSTEM=1
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
	export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
	mkdir "$BATS_TEST_TMPDIR/site"
	cd "$BATS_TEST_TMPDIR/site" || return
}

teardown() {
	test_end
}

# ---- pre-commit ----

repository()
{
	type -P git || skip 'git is not installed'
	git init -q .
	cp "$CI/pre-commit" .git/hooks/
	mkdir -p config/websocket_routing
	echo 'a: { channel: x, handler: a }' >websocket_routing.yml
	echo 'b: { channel: y, handler: b }' >'config/websocket_routing/b c.yml'
	echo nothing >other.txt
	git add .
	git commit -q -m first
}

@test "the hook takes right files, and commits without any" {
	repository
	echo more >>other.txt
	git commit -q -a -m second
	git rm -q websocket_routing.yml
	git commit -q -m third
}

@test "the hook refuses files with faults, and names the place" {
	repository
	echo 'b: { chanel: y, handler: b }' >'config/websocket_routing/b c.yml'
	run -1 git commit -a -m second
	assert_line --partial 'config/websocket_routing/b c.yml:1:6: error: '
	assert_line 'pre-commit: the routing files have faults'
	run -0 git log --format=%s
	assert_output first
}

@test "the hook looks at what is committed, not at what lies there" {
	repository
	echo '{' >websocket_routing.yml
	echo 'b: { channel: z, handler: b }' >'config/websocket_routing/b c.yml'
	git add config
	git commit -q -m second
	git add websocket_routing.yml
	echo 'a: { channel: x, handler: a }' >websocket_routing.yml
	run -1 git commit -m third
}

@test "the hook finds what a file imports, and leaves nothing behind" {
	repository
	mkdir "$HOME/tmp"
	export TMPDIR=$HOME/tmp
	echo 'i: { resource: "config/websocket_routing/b c.yml" }' \
	    >>websocket_routing.yml
	git commit -q -a -m second
	echo 'j: { resource: none.yml }' >>websocket_routing.yml
	run -1 git commit -a -m third
	assert_output --partial none.yml
	run -0 ls "$TMPDIR"
	refute_output
}

# ---- jobs ----

# The broker's own reader finds what is no YAML, and keys that come twice.
@test "the jobs are YAML" {
	local job

	for job in github gitlab; do
		wamp-routes -f json "$CI/$job.yml" >found || true
		run -0 jq -r \
		    '.[] | select(.rule | test("yaml|duplicate|tag"))' found
		refute_output
		grep -q '"rule"' found
	done
}

# commands JOB: those that do not install.
commands()
{
	sed -nE 's/^ +(run:|-) ((wamp-|bats ).*)/\2/p' "$CI/$1.yml"
}

site()
{
	cp "$CI"/{topics.bats,wampd.bash,websocket_routing.yml} .
	run -0 commands "$1"
	[ "${#lines[@]}" -eq 2 ]
	CHECK=${lines[0]} TEST=${lines[1]}
}

# job COMMAND: as a runner would.  A time limit of ours would end bats 1.8
# twice.
job()
{
	env -u BATS_TEST_TIMEOUT bash -ec "$1" 3>&-
}

@test "GitHub's job passes with what is beside it, and shows what is wrong" {
	site github
	job "$CHECK"
	[ "$(jq '.runs[0].results | length' routes.sarif)" -eq 0 ]
	job "$TEST"
	sed -i 's/channel/chanel/' websocket_routing.yml
	run -1 job "$CHECK"
	[ "$(jq '.runs[0].results | length' routes.sarif)" -gt 0 ]
	run -1 job "$TEST"
	# What is uploaded is what was written.
	grep -qF "sarif_file: ${CHECK##*>}" "$CI/github.yml"
}

@test "GitLab's jobs pass with what is beside them, and show what is wrong" {
	site gitlab
	job "$CHECK"
	grep -q ' failures="0"' routes.xml
	job "$TEST"
	grep -q '<testsuite ' topics.xml
	sed -i 's/channel/chanel/' websocket_routing.yml
	run -1 job "$CHECK"
	grep -q '<failure ' routes.xml
	grep -qF "junit: ${CHECK##*>}" "$CI/gitlab.yml"
	grep -qF "junit: ${TEST##*>}" "$CI/gitlab.yml"
}
