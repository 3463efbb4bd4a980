//! Tests which settings are missing or conflicting.

use super::MissingSettings;
use crate::providers::{PROVIDERS, Provider};
use crate::setting::{SettingsOrigin, Values};

fn provider(name: &str) -> &'static Provider {
    PROVIDERS.iter().find(|provider| provider.name == name).unwrap()
}

fn gaps(name: &str, keys: &[&'static str]) -> MissingSettings {
    let values = keys.iter().map(|&key| (key, "x".to_owned()));
    MissingSettings::of(provider(name), &Values::new(SettingsOrigin::Environment, values))
}

#[test]
fn finds_missing_and_conflicting_settings() {
    let helpdesk = ["helpdesk_id", "helpdesk_token"];
    let with = |more: &[&'static str]| gaps("feishu", &[&helpdesk[..], more].concat());
    assert!(with(&["app_id", "app_secret"]).is_none());
    assert!(with(&["tenant_access_token"]).is_none());
    assert!(gaps("engagelab", &["api_key", "api_secret"]).is_none());
    for (gaps, expected) in [
        (with(&["app_id"]), "one setting is missing in the environment: FEISHU_APP_SECRET"),
        (
            with(&[]),
            "one setting is missing in the environment: either both FEISHU_APP_ID and FEISHU_APP_SECRET or \
             FEISHU_TENANT_ACCESS_TOKEN",
        ),
        (
            with(&["app_id", "app_secret", "tenant_access_token"]),
            "settings of several authentication methods in the environment: FEISHU_APP_ID, FEISHU_APP_SECRET, \
             FEISHU_TENANT_ACCESS_TOKEN",
        ),
        (
            gaps("engagelab", &["base_url"]),
            "settings are missing in the environment: ENGAGELAB_API_KEY, ENGAGELAB_API_SECRET",
        ),
        (
            gaps("rt", &[]),
            "settings are missing in the environment: RT_BASE_URL, and either RT_TOKEN or both RT_USER and RT_PASSWORD",
        ),
    ] {
        assert_eq!(gaps.describe(&SettingsOrigin::Environment), expected);
    }
}

#[test]
fn names_the_keys_of_a_profile_and_the_variables_of_the_environment() {
    let origin = SettingsOrigin::Profile { name: "work".into(), file: "/f".into() };
    let gaps = MissingSettings::of(provider("engagelab"), &Values::none(origin.clone()));
    assert_eq!(
        gaps.describe(&origin),
        "settings are missing in the profile work of /f: api_key, api_secret"
    );
}

#[test]
fn debug_output_redacts_values() {
    let values = Values::new(SettingsOrigin::Environment, [("api_secret", "s3cret".to_owned())]);
    assert!(!format!("{values:?}").contains("s3cret"));
}
