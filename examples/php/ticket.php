#!/usr/bin/env php
<?php
// ticket.php FILE NAME [ROLE...]: make a ticket with which a page connects as
// that user, for five minutes.  It is a PASETO; PHP's own sodium signs it.
// FILE has the secret key:
//
//     wamp-ticket key --output ticket.key >ticket.pub
//
// wampd.yml names the other file:
//
//     tickets: { paseto: { keys: ticket.pub } }
//
// A page gets the ticket from a script of yours, which knows who has logged
// in, and connects to 'wss://.../?ticket=' + encodeURIComponent(ticket).

function base64url(string $bytes): string
{
    return sodium_bin2base64($bytes, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
}

/** PASETO's way to sign several texts at once: each with its length. */
function pae(string ...$texts): string
{
    $all = pack('P', count($texts));
    foreach ($texts as $text) {
        $all .= pack('P', strlen($text)) . $text;
    }
    return $all;
}

/** The secret key of a file: "k4.secret.TEXT". */
function secretKey(string $file): string
{
    $text = @file_get_contents($file);
    if ($text === false ||
        !preg_match('/^k4\.secret\.([\w-]{86})$/m', $text, $found)) {
        throw new RuntimeException("$file: no line with k4.secret is there");
    }
    return sodium_base642bin($found[1],
        SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
}

/** The id of the public key, by which the broker finds it. */
function keyId(string $secret): string
{
    $public = 'k4.public.' .
        base64url(sodium_crypto_sign_publickey_from_secretkey($secret));
    return 'k4.pid.' .
        base64url(sodium_crypto_generichash("k4.pid.$public", '', 33));
}

/** @param array $claims name, and perhaps user_id and roles */
function ticket(string $secret, array $claims, int $seconds = 300): string
{
    $now = time();
    $message = json_encode($claims + [
        'iat' => gmdate('Y-m-d\TH:i:s\Z', $now),
        'exp' => gmdate('Y-m-d\TH:i:s\Z', $now + $seconds),
        'jti' => base64url(random_bytes(16)),
    ], JSON_THROW_ON_ERROR);
    $footer = json_encode(['kid' => keyId($secret)]);
    $signature = sodium_crypto_sign_detached(
        pae('v4.public.', $message, $footer, ''), $secret);

    return 'v4.public.' . base64url($message . $signature) . '.' .
        base64url($footer);
}

try {
    if ($argc < 3) {
        throw new RuntimeException('usage: ticket.php FILE NAME [ROLE...]');
    }
    echo ticket(secretKey($argv[1]), ['name' => $argv[2],
        'roles' => array_slice($argv, 3)]), "\n";
} catch (RuntimeException | JsonException $e) {
    fwrite(STDERR, "ticket.php: {$e->getMessage()}\n");
    exit(1);
}
