#!/usr/bin/env php
<?php
// publish.php TOPIC JSON: publish an event through wamp-pub.
//
// Nothing but the program is needed, on the broker's machine and, with
// WAMP_URL in the environment, on any other.

/**
 * @param mixed $event whatever json_encode() takes
 * @throws RuntimeException with the reason when it was not accepted
 */
function publish(string $topic, $event): void
{
    // A list instead of a string: no shell comes between.
    $process = proc_open(
        ['wamp-pub', '--', $topic],
        [['pipe', 'r'], STDOUT, ['pipe', 'w']],
        $pipes
    );
    if ($process === false) {
        throw new RuntimeException('wamp-pub cannot be started');
    }
    // Without a notice: wamp-pub may end before it reads.
    @fwrite($pipes[0], json_encode($event, JSON_THROW_ON_ERROR));
    fclose($pipes[0]);
    $reason = stream_get_contents($pipes[2]);
    if (proc_close($process) !== 0) {
        throw new RuntimeException(trim($reason));
    }
}

try {
    publish($argv[1], json_decode($argv[2], false, 512, JSON_THROW_ON_ERROR));
} catch (Exception $e) {
    fwrite(STDERR, "publish.php: {$e->getMessage()}\n");
    exit(1);
}
