#!/usr/bin/env php
<?php
// sessions.php files FOLDER, or sessions.php redis HOST[:PORT] [PREFIX]: tell
// wampd whose session of a PHP application a cookie has; wampd.yml has:
//
//     cookie:
//       name: PHPSESSID
//       command: [php, /path/to/sessions.php, files, /var/lib/php/sessions]
//
// It must be allowed to read the sessions.  It reads what the application has
// stored, but none of its classes: change who() to what yours stores.

/** Who is logged in, by the content of a session; null: nobody. */
function who(array $session): ?array
{
    // An application that stores its user as it is.
    if (is_string($session['user'] ?? null)) {
        return ['user' => $session['user'],
            'user_id' => $session['user_id'] ?? null,
            'roles' => $session['roles'] ?? []];
    }
    // Symfony: "_security_FIREWALL" is a serialized token that has the user.
    foreach ($session['_sf2_attributes'] ?? [] as $name => $token) {
        if (str_starts_with($name, '_security_') && is_string($token)) {
            $user = userOf(@unserialize($token, ['allowed_classes' => false]));
            if ($user !== null) {
                return $user;
            }
        }
    }

    return null;
}

/** The first user within a token.  Its class is not loaded, so it is a list of
 *  properties, or what Oro's users are serialized as: [password, salt, name,
 *  enabled, token, id]. */
function userOf(mixed $value): ?array
{
    $class = '';
    if (is_object($value)) {
        $value = (array) $value;
        $class = $value['__PHP_Incomplete_Class_Name'] ?? '';
    }
    if (!is_array($value)) {
        return null;
    }
    if (str_ends_with($class, '\User') && is_string($value[2] ?? null)) {
        return ($value[3] ?? false) ? ['user' => $value[2],
            'user_id' => $value[5] ?? null] : null;
    }
    foreach ($value as $name => $part) {
        if (str_ends_with($class, 'User') &&
            str_ends_with((string) $name, "\0username")) {
            return ['user' => $part];
        }
    }
    foreach ($value as $part) {
        if (($user = userOf($part)) !== null) {
            return $user;
        }
    }

    return null;
}

/** The content of a session as PHP stores it; null: there is none. */
function load(array $store, string $id): ?string
{
    [$kind, $place] = $store;
    if ($kind === 'files') {
        $file = "$place/sess_$id";

        return is_file($file) ? file_get_contents($file) : null;
    }
    static $redis = null;
    // A path is that of a Unix socket, which has no port.
    [$host, $port] = explode(':', $place[0] === '/' ? "$place:0" :
        "$place:6379");
    try {
        if ($redis === null) {
            $redis = new Redis();
            @$redis->connect($host, (int) $port, 3);
        }
        $text = $redis->get(($store[2] ?? 'PHPREDIS_SESSION:') . $id);
    } catch (Exception $e) {
        $redis = null;
        throw $e;
    }

    return $text === false ? null : $text;
}

/** The variables of a session; PHP reads them into $_SESSION. */
function decode(string $text): array
{
    $_SESSION = [];
    session_decode($text);

    return $_SESSION;
}

// session_decode() works in a session only: one that is stored nowhere.
class Nowhere implements SessionHandlerInterface
{
    public function open($path, $name): bool { return true; }
    public function close(): bool { return true; }
    public function read($id): string { return ''; }
    public function write($id, $data): bool { return true; }
    public function destroy($id): bool { return true; }
    public function gc($max): int { return 0; }
}

ini_set('display_errors', 'stderr');
ini_set('session.use_cookies', '0');
ini_set('unserialize_callback_func', '');
session_set_save_handler(new Nowhere(), false);
session_start();
$store = array_slice($argv, 1);
while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true);
    $id = $question['cookie'];
    try {
        // Nothing else is the id of a session, or safe in the name of a file.
        $text = preg_match('/^[A-Za-z0-9,-]{16,256}$/D', $id) ?
            load($store, $id) : null;
        $answer = $text === null ? null : who(decode($text));
    } catch (Exception $e) {
        $answer = ['error' => $e->getMessage()];
    }
    echo json_encode(['id' => $question['id']] +
        ($answer ?? ['user' => null])), "\n";
}
