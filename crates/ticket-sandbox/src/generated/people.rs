//! Made-up people: guests and agents.

use super::{Generator, Topic};
use crate::random::Random;

/// The number of guests.
pub(crate) const GUESTS: u16 = 240;
/// The number of agents.
pub(crate) const AGENTS: u16 = 12;

/// A made-up person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// The local part of the address, and part of other names.
    pub(crate) handle: String,
    pub(crate) department: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
    /// 128 bits that identify the person.
    pub(crate) key: [u64; 2],
}

/// Family names, with their transcription.
const FAMILY_NAMES: &[(&str, &str)] = &[
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("黄", "huang"),
    ("赵", "zhao"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("欧阳", "ouyang"),
    ("林", "lin"),
];
const GIVEN_NAMES: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("磊", "lei"),
    ("洋", "yang"),
    ("雪梅", "xuemei"),
    ("志强", "zhiqiang"),
    ("思远", "siyuan"),
    ("晓明", "xiaoming"),
    ("子涵", "zihan"),
];
const FIRST_NAMES: &[&str] = &[
    "Anna", "Omar", "Priya", "Lucas", "Mei", "Sofia", "Kenji", "Grace", "David", "Zoë", "Ivan",
    "Fatima",
];
const LAST_NAMES: &[&str] = &[
    "Nowak", "Haddad", "Sharma", "Silva", "Tan", "Rossi", "Sato", "Okafor", "Miller", "Müller",
    "Petrov", "O'Neil",
];
const EMOJI: &[&str] = &["🌟", "🐼", "🚀", "👩‍💻", "🍀", "🇸🇬", "☕️", "😀"];
const DEPARTMENTS: &[&str] = &[
    "财务部",
    "Sales",
    "研发中心",
    "Human Resources",
    "Legal",
    "市场部",
    "Operations",
    "仓储物流",
];
const CHINESE_CITIES: &[&str] = &["上海", "深圳", "北京", "成都", "杭州"];
const CITIES: &[(&str, &str)] =
    &[("Singapore", "SG"), ("Warsaw", "PL"), ("São Paulo", "BR"), ("Tokyo", "JP"), ("Dubai", "AE")];

impl Person {
    /// Returns the guest with this number.
    pub(crate) fn guest(generator: &Generator, number: u16) -> Self {
        let mut random = generator.random(Topic::Guest, u64::from(number), 0);
        let department = random.pick(DEPARTMENTS);
        Self::of(&mut random, department)
    }

    /// Returns the agent with this number.
    pub(crate) fn agent(generator: &Generator, number: u16) -> Self {
        let mut random = generator.random(Topic::Agent, u64::from(number), 0);
        let department = random.pick(&["IT服务台", "IT Service Desk"]);
        Self::of(&mut random, department)
    }

    /// Returns somebody who is named in no ticket.
    pub(crate) fn stranger(generator: &Generator) -> Self {
        Self::of(&mut generator.random(Topic::Stranger, 0, 0), "")
    }

    fn of(random: &mut Random, department: &'static str) -> Self {
        let key = [random.next(), random.next()];
        let number = key[0] % 1000;
        let (name, handle, city, country) = if random.percent(60) {
            let ((family, latin_family), (given, latin_given)) =
                (random.pick(FAMILY_NAMES), random.pick(GIVEN_NAMES));
            let handle = format!("{latin_given}.{latin_family}{number}");
            (format!("{family}{given}"), handle, random.pick(CHINESE_CITIES), "CN")
        } else {
            let (first, last) = (random.pick(FIRST_NAMES), random.pick(LAST_NAMES));
            let (city, country) = random.pick(CITIES);
            let mut handle = format!("{first}.{last}{number}").to_ascii_lowercase();
            handle.retain(|letter| letter.is_ascii_alphanumeric() || letter == '.');
            (format!("{first} {last}"), handle, city, country)
        };
        let name = if random.percent(15) { format!("{name} {}", random.pick(EMOJI)) } else { name };
        Self { name, handle, department, city, country, key }
    }
}
