"""Plain texts in Arabic and Swahili, one for each age group: a form may not be harder than they are.

No formula for children was validated in these languages, so a form is compared with a text somebody wrote for that age.
DRAFTS: ours, about sixty words each; a teacher who speaks the language has to approve them or write better ones.
"""

TEXTS: dict[str, dict[str, str]] = {
    "ar": {
        "10-12": (
            "عندي أخت صغيرة. نذهب معا إلى المدرسة كل يوم. الطريق قصير وفيه شجر كثير. في الصف نقرأ ونكتب ونرسم. "
            "أحب درس الرسم لأن المعلمة تضحك معنا. بعد الدرس نلعب الكرة مع الجيران. ثم نعود إلى البيت ونأكل. في "
            "المساء تحكي لنا الجدة قصة عن البحر. أسمع صوتها وأنام بسرعة. هل تحب أنت أيضا قصص البحر؟"
        ),
        "13-15": (
            "في السنة الماضية انتقلنا إلى مدينة جديدة. كان كل شيء غريبا في البداية. لم أعرف أحدا في الصف. في "
            "اليوم الثالث جلس ولد بجانبي وسألني عن لعبتي المفضلة. تكلمنا كثيرا وصرنا أصدقاء. الآن نقرأ الدروس معا "
            "ونساعد بعضنا في الحساب. يوم الجمعة نزور السوق القديم أو نلعب قرب النهر. تعلمت أن السؤال الأول صعب "
            "فقط قبل أن تقوله. ماذا تفعل أنت في مكان جديد؟"
        ),
        "16-17": (
            "عندما بدأت العمل في المكتبة العامة كنت أظن أنه عمل سهل. في الأسبوع الأول رتبت الكتب الجديدة، ثم طلبت "
            "مني المديرة مساعدة الزائرين. كان بعضهم يبحثون عن كتاب لا يعرفون عنوانه. تعلمت أن أسألهم بهدوء وأن "
            "أستمع إلى الجواب حتى النهاية. بعد شهر صار الزائرون يسألون عني. فهمت أن الإنسان يحتاج إلى من يستمع "
            "إليه قبل أن يقترح عليه الحل. ما العمل الذي تفكر فيه للمستقبل؟"
        ),
    },
    "sw": {
        "10-12": (
            "Nina dada mdogo. Kila siku tunaenda shule pamoja. Njia ni fupi, tena ina miti mingi. Darasani "
            "tunasoma, tunaandika na kuchora. Napenda kuchora kwa sababu mwalimu hucheka nasi. Baada ya shule "
            "tunacheza mpira na majirani. Kisha tunarudi nyumbani kula. Jioni bibi hutusimulia hadithi ya bahari. "
            "Nasikia sauti yake, halafu nalala haraka. Je, wewe pia unapenda hadithi za bahari? Ni hadithi gani "
            "unaipenda zaidi?"
        ),
        "13-15": (
            "Mwaka jana tulihamia mji mpya. Mwanzoni kila kitu kilikuwa kigeni. Sikumjua mtu yeyote darasani. "
            "Siku ya tatu kijana mmoja alikaa karibu nami, akaniuliza ninapenda mchezo gani. Tulizungumza sana, "
            "tukawa marafiki. Sasa tunasoma pamoja na kusaidiana hesabu. Jumamosi tunatembelea soko la zamani au "
            "tunacheza karibu na mto. Nimejifunza kwamba swali la kwanza ni gumu kabla ya kulisema tu. Wewe "
            "hufanya nini mahali papya?"
        ),
        "16-17": (
            "Nilipoanza kazi ya maktaba nilidhani ni kazi rahisi. Wiki ya kwanza nilipanga vitabu vingi, kisha "
            "msimamizi akaniomba niwasaidie wageni. Wengine walitafuta kitabu ambacho hawakujua jina lake. "
            "Nilijifunza kuuliza kwa utulivu na kusikiliza jibu mpaka mwisho. Baada ya mwezi mmoja watu walianza "
            "kuniulizia. Nilielewa kwamba mtu anahitaji kusikilizwa kabla ya kupewa suluhisho. Unafikiria kazi "
            "gani kwa maisha yako ya baadaye?"
        ),
    },
}
