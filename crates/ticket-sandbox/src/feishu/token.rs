//! Which tokens exist, and for how long.

use std::time::Duration;

use tokio::time::Instant;

use crate::names::random;

/// No token lives longer, and by default each lives as long.
pub(crate) const LONGEST_LIFETIME: Duration = Duration::from_hours(2);
/// With less than this left, a token is still good, but a new one is handed out.
const RENEWAL: Duration = Duration::from_mins(30);

/// The tenant tokens of the one app.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    /// Those whose end has not come, oldest first; the last is the one that is handed out.
    issued: Vec<Token>,
}

#[derive(Debug)]
struct Token {
    text: String,
    ends: Instant,
    /// Refused, though its end has not come.
    spoilt: bool,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, issued: Vec::new() }
    }

    /// Hands out a token and the seconds that it still lives: the last one while 30 minutes or more remain, else a new
    /// one, beside which the last stays good until its end.
    pub(crate) fn issue(&mut self, now: Instant) -> (String, u64) {
        self.issued.retain(|token| token.ends > now);
        if let Some(token) = self.issued.last() {
            let remaining = token.ends - now;
            if remaining >= RENEWAL {
                return (token.text.clone(), remaining.as_secs());
            }
        }
        let text = format!("t-sandbox{:016x}{:016x}0", random(), random());
        self.issued.push(Token { text: text.clone(), ends: now + self.lifetime, spoilt: false });
        (text, self.lifetime.as_secs())
    }

    /// Whether a token was issued, has not ended, and is neither revoked nor spoilt.
    pub(crate) fn accepts(&self, text: &str, now: Instant) -> bool {
        self.issued.iter().any(|token| token.text == text && token.ends > now && !token.spoilt)
    }

    /// Lets every token reach its end now.
    pub(crate) fn expire(&mut self, now: Instant) {
        for token in &mut self.issued {
            token.ends = token.ends.min(now);
        }
    }

    /// Forgets every token.
    pub(crate) fn revoke(&mut self) {
        self.issued.clear();
    }

    /// Refuses every token, without forgetting which is handed out.
    pub(crate) fn spoil(&mut self) {
        for token in &mut self.issued {
            token.spoilt = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn the_same_token_is_handed_out_while_thirty_minutes_remain() {
        let mut tokens = Tokens::new(LONGEST_LIFETIME);
        let (first, expire) = tokens.issue(Instant::now());
        assert_eq!((first.len(), &first[..2], expire), (42, "t-", 7200));
        for (minutes, expire) in [(1, 7140), (43, 4560), (46, 1800)] {
            advance(minutes * MINUTE).await;
            assert_eq!(tokens.issue(Instant::now()), (first.clone(), expire));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn below_thirty_minutes_there_is_a_new_one_and_the_old_stays_good_until_its_end() {
        let mut tokens = Tokens::new(LONGEST_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        advance(90 * MINUTE + Duration::from_millis(1)).await;
        let (second, expire) = tokens.issue(Instant::now());
        assert_ne!(second, first);
        assert_eq!(expire, 7200);
        assert!(tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
        advance(29 * MINUTE + Duration::from_millis(59_998)).await;
        assert!(tokens.accepts(&first, Instant::now()));
        advance(Duration::from_millis(1)).await;
        assert!(!tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
        assert_eq!(tokens.issue(Instant::now()).0, second);
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_rest_only_whole_seconds_are_told() {
        let mut tokens = Tokens::new(LONGEST_LIFETIME);
        tokens.issue(Instant::now());
        advance(Duration::from_millis(1)).await;
        assert_eq!(tokens.issue(Instant::now()).1, 7199);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_lives_for_less_than_thirty_minutes_is_never_handed_out_twice() {
        let mut tokens = Tokens::new(Duration::from_secs(1799));
        let (first, expire) = tokens.issue(Instant::now());
        let (second, _) = tokens.issue(Instant::now());
        assert_eq!(expire, 1799);
        assert_ne!(first, second);
        assert!(tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
    }

    #[tokio::test(start_paused = true)]
    async fn after_revoking_there_is_a_new_one_and_after_spoiling_the_same() {
        let mut tokens = Tokens::new(LONGEST_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        tokens.revoke();
        assert!(!tokens.accepts(&first, Instant::now()));
        let (second, _) = tokens.issue(Instant::now());
        assert_ne!(first, second);
        assert!(tokens.accepts(&second, Instant::now()));
        tokens.spoil();
        assert!(!tokens.accepts(&second, Instant::now()));
        assert_eq!(tokens.issue(Instant::now()).0, second);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_is_made_to_expire_is_refused_and_replaced() {
        let mut tokens = Tokens::new(LONGEST_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        tokens.expire(Instant::now());
        assert!(!tokens.accepts(&first, Instant::now()));
        assert_ne!(tokens.issue(Instant::now()).0, first);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_was_never_issued_is_refused() {
        assert!(!Tokens::new(LONGEST_LIFETIME).accepts("t-unheard", Instant::now()));
    }
}
